"""The real mail server on loopback, and a sink that writes down the news."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from healthcompanion.core import events
from healthcompanion.core.environment import email_settings
from tests.calls.news import News
from tests.infrastructure.mail import Mailbox, mail_server


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Mails go out by SMTP, as with HC_EMAIL_URL."""
    with mail_server() as box:
        for name, value in email_settings(box.url).items():
            setattr(settings, name, value)
        yield box

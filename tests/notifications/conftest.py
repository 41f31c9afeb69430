"""The real mail server on loopback, and a sink that writes down the news."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import events
from healthcompanion.core.environment import email_settings
from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message
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


@pytest.fixture
def message(appointment: Appointment, professional: User) -> Message:
    """Anna's invitation for Paul, waiting to be sent."""
    professional.language = "en"
    professional.save()
    return actions.queue_message(
        "appointment.invitation",
        str(appointment.pk),
        organisation=appointment.organisation,
        sender=professional,
    )


def attempt(message: Message) -> Message:
    """One try, as if the time for it had come."""
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    actions.deliver_message(message.pk)
    message.refresh_from_db()
    return message

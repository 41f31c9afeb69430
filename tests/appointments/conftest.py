"""A clock that the test sets, and Anna's browser."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from tests.infrastructure.clients import signed_in

BERLIN = ZoneInfo("Europe/Berlin")
SetClock = Callable[[str], datetime]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """`set_clock("2027-01-15 10:00")` makes it that time in Berlin."""

    def at(text: str) -> datetime:
        moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(ZoneInfo("UTC"))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return at


@pytest.fixture
def doctor(professional: User) -> Client:
    return signed_in(professional)

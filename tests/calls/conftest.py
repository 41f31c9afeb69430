"""A guest who is really there, and a sink that writes down the news."""

from collections.abc import Iterator

import pytest

from healthcompanion.accounts.models import User
from healthcompanion.calls.actions import call_guest
from healthcompanion.calls.descriptions import Description
from healthcompanion.calls.models import Call
from healthcompanion.core import events
from healthcompanion.guests.models import Guest, Visit
from tests.calls.news import News
from tests.factories import VisitFactory

OFFER = Description(type="offer", sdp="v=0 offer")


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


@pytest.fixture
def waiting(guest: Guest, news: News) -> Visit:
    """Paul sits in Anna's waiting room with his page open."""
    news.present.add(events.guest_channel(guest.pk))
    return VisitFactory(guest=guest)


@pytest.fixture
def ringing(waiting: Visit, professional: User) -> Call:
    """Anna rings Paul."""
    return call_guest(waiting.guest, caller=professional, offer=OFFER)

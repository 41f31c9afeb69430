"""Two want the same call at the same moment: exactly one wins, on a database with real commits."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import LinkGone
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.races import race

pytestmark = pytest.mark.django_db(transaction=True)
RACES = 25  # two tests: fifty races
FINISHED = {
    "call.accepted": ("active", "", Visit.State.CONSULTATION),
    "call.declined": ("ended", "declined", Visit.State.WAITING),
    "call.missed": ("ended", "missed", Visit.State.WAITING),
    "call.cancelled": ("ended", "cancelled", Visit.State.WAITING),
}


@pytest.mark.parametrize("opponent", ["decline", "expire"])
def test_exactly_one_answer_wins(guest: Guest, opponent: str) -> None:
    visit = VisitFactory(guest=guest)
    for _ in range(RACES):
        rang_at = timezone.now() - timedelta(seconds=60 if opponent == "expire" else 0)
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.CALLED)
        call = CallFactory(guest=guest, rang_at=rang_at)
        AuditEntry.objects.all().delete()
        first, second = Call.objects.get(pk=call.pk), Call.objects.get(pk=call.pk)

        results = race(
            partial(actions.accept_call, first, guest=guest, answer=None),
            partial(actions.decline_call, second, guest=guest)
            if opponent == "decline"
            else actions.expire_rings,
        )

        call.refresh_from_db()
        visit.refresh_from_db()
        entry = AuditEntry.objects.get()
        assert sorted(results) == ["lost", "won"]
        assert (results[0] == "won") == (entry.action == "call.accepted")
        assert (call.state, call.outcome, visit.state) == FINISHED[entry.action]
        assert call.version == 2
        Call.objects.filter(pk=call.pk).update(state=Call.State.ENDED)


def test_of_many_tabs_one_accepts(guest: Guest) -> None:
    VisitFactory(guest=guest, state=Visit.State.CALLED)
    call = CallFactory(guest=guest)
    tabs = [Call.objects.get(pk=call.pk) for _ in range(5)]

    results = race(*(partial(actions.accept_call, tab, guest=guest, answer=None) for tab in tabs))

    assert sorted(results) == ["lost"] * 4 + ["won"]
    assert AuditEntry.objects.filter(action="call.accepted").count() == 1


def test_hang_up_against_accept_always_ends_the_call(guest: Guest) -> None:
    visit = VisitFactory(guest=guest)
    for _ in range(10):
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.CALLED)
        call = CallFactory(guest=guest)
        first, second = Call.objects.get(pk=call.pk), Call.objects.get(pk=call.pk)

        results = race(
            partial(actions.accept_call, first, guest=guest, answer=None),
            partial(actions.end_call, second, actor=guest.host),
        )

        call.refresh_from_db()
        accepted = results[0] == "won"
        assert results[1] == "won"
        assert (call.state, call.outcome) == ("ended", "completed" if accepted else "cancelled")


def test_two_rings_at_once_make_one_call(guest: Guest) -> None:
    VisitFactory(guest=guest)
    people = [guest.host, guest.host]

    def ring() -> object:
        return CallFactory(guest=guest, initiator=people.pop())

    results = race(ring, ring)

    assert sorted(result.split("(")[0] for result in results) == ["IntegrityError", "won"]
    assert Call.objects.count() == 1


def test_two_presses_at_once_open_one_visit(guest: Guest) -> None:
    for _ in range(RACES):
        Visit.objects.all().delete()

        results = race(*(partial(guests.announce_visit, guest) for _ in range(3)))

        assert results == ["won"] * 3
        assert Visit.objects.filter(guest=guest).count() == 1


def test_no_visit_opens_on_a_link_that_is_just_closed(guest: Guest, professional: User) -> None:
    for _ in range(RACES):
        Visit.objects.all().delete()
        Guest.objects.filter(pk=guest.pk).update(link_closed_at=None)
        fresh = Guest.objects.get(pk=guest.pk)

        pressed, closed = race(
            partial(guests.announce_visit, guest),
            partial(guests.close_link, fresh, actor=professional),
        )

        assert closed == "won"
        assert pressed == "won" or pressed.startswith(LinkGone.__name__)
        assert not Visit.objects.exclude(state__in=Visit.OVER).exists()

"""Two want the last place, or the same person: on a database with real commits."""

from functools import partial

import pytest
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions, people_actions
from healthcompanion.calls.actions import call_guest
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.guests.actions import enter_waiting_room
from healthcompanion.guests.models import Guest, Visit
from tests.calls.beside import accepted, at_door, inside, names
from tests.calls.news import News
from tests.infrastructure.races import race

pytestmark = pytest.mark.django_db(transaction=True)
RACES = 12


@pytest.fixture
def talking(waiting: Visit, professional: User) -> Call:
    return accepted(call_guest(waiting.guest, caller=professional, offer=None))


def copies(call: Call, count: int) -> list[Call]:
    return [Call.objects.get(pk=call.pk) for _ in range(count)]


def test_last_place_goes_to_exactly_one(talking: Call, news: News, settings: Settings) -> None:
    settings.HC_MAX_PERSONS = 3
    people = [at_door(talking, news, name) for name in ("Rita", "Karl")]
    for _ in range(RACES):
        CallParticipant.objects.filter(guest__in=people).delete()
        Visit.objects.filter(guest__in=people).update(state=Visit.State.WAITING)

        results = race(
            *(
                partial(people_actions.let_in, call, guest, actor=call.initiator)
                for call, guest in zip(copies(talking, 2), people, strict=True)
            )
        )

        assert sorted(results) == ["CallFull()", "won"]
        assert len(names(talking)) == 3
        assert Visit.objects.filter(guest__in=people, state="consultation").count() == 1


def test_one_person_is_let_in_once(talking: Call, news: News) -> None:
    guest = at_door(talking, news)
    for _ in range(RACES):
        CallParticipant.objects.filter(guest=guest).delete()
        Visit.objects.filter(guest=guest).update(state=Visit.State.WAITING)

        results = race(
            *(
                partial(people_actions.let_in, call, guest, actor=call.initiator)
                for call in copies(talking, 2)
            )
        )

        assert sorted(results) == ["NotAtDoor()", "won"]
        assert names(talking) == ["Anna", "Paul", "Rita"]


def test_let_in_against_turned_away_leaves_nobody_between(talking: Call, news: News) -> None:
    guest = at_door(talking, news)
    for _ in range(RACES):
        CallParticipant.objects.filter(guest=guest).delete()
        Visit.objects.filter(guest=guest).update(state=Visit.State.WAITING)
        Guest.objects.filter(pk=guest.pk).update(link_closed_at=None)
        first, second = copies(talking, 2)
        people = [Guest.objects.get(pk=guest.pk) for _ in range(2)]

        results = race(
            partial(people_actions.let_in, first, people[0], actor=first.initiator),
            partial(people_actions.turn_away, second, people[1], actor=second.initiator),
        )

        assert sorted(results) == ["NotAtDoor()", "won"]
        is_in = len(names(talking)) == 3
        guest.refresh_from_db()
        assert is_in == guest.has_open_link == (results[0] == "won")


def test_two_who_hang_up_at_once_end_a_call_of_three(talking: Call, news: News) -> None:
    relative = inside(talking, news)
    assert talking.guest is not None

    results = race(
        *(
            partial(people_actions.hang_up, call, guest)
            for call, guest in zip(copies(talking, 2), (talking.guest, relative), strict=True)
        )
    )

    talking.refresh_from_db()
    assert results == ["won", "won"]
    assert (talking.state, talking.outcome) == ("ended", "completed")
    assert set(Visit.objects.values_list("state", flat=True)) == {"ended"}


def test_let_in_against_the_end_lets_nobody_into_an_ended_call(talking: Call, news: News) -> None:
    guest = at_door(talking, news)
    first, second = copies(talking, 2)

    results = race(
        partial(people_actions.let_in, first, guest, actor=first.initiator),
        partial(actions.end_call, second, actor=second.initiator),
    )

    talking.refresh_from_db()
    assert talking.state == Call.State.ENDED
    assert results[1] == "won"
    assert not talking.participants.filter(joined_at__isnull=False, left_at=None).exists()
    assert guest.visits.get().state == Visit.State.ENDED


def test_nobody_stays_at_a_door_that_closes_as_they_come(talking: Call, news: News) -> None:
    guest, patient = at_door(talking, news), talking.guest
    assert patient is not None
    for _ in range(RACES):
        Call.objects.update(state="active", outcome="", ended_at=None)
        CallParticipant.objects.update(left_at=None)
        Visit.objects.filter(guest=patient).update(state=Visit.State.CONSULTATION)
        Visit.objects.filter(guest=guest).update(state=Visit.State.CHECKED)

        results = race(
            partial(actions.end_call, Call.objects.get(pk=talking.pk), actor=talking.initiator),
            partial(enter_waiting_room, guest, camera=True, microphone=True),
            partial(people_actions.hang_up, Call.objects.get(pk=talking.pk), patient),
        )

        assert set(results) <= {"won", "DoorClosed()"}
        assert not Visit.objects.exclude(state__in=Visit.OVER).exists()

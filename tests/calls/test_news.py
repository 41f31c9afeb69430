"""`CallState` and `VisitState`: the same call as each of its people sees it."""

from datetime import datetime, timedelta

import msgspec
import pytest
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions
from healthcompanion.calls.descriptions import Description, offer_key
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.news import call_state, participant_of
from healthcompanion.calls.queries import live_participant, participant_for, visit_state
from healthcompanion.guests.models import Guest, Visit
from tests.calls.news import News
from tests.factories import CallFactory, GuestFactory, VisitFactory

pytestmark = pytest.mark.django_db


def test_call_from_both_points_of_view(ringing: Call, settings: Settings) -> None:
    settings.HC_RING_SECONDS = 45
    settings.HC_TURN_URLS = []
    assert ringing.guest is not None
    host = participant_for(ringing.initiator, ringing.code)
    guest = participant_for(ringing.guest, ringing.code)

    mine, theirs = call_state(ringing, host), call_state(ringing, guest)

    people = [
        {
            "code": host.code,
            "name": "Dr. Anna Berger",
            "other_name": "",
            "mode": "",
            "role": "professional",
            "joined": True,
        },
        {
            "code": guest.code,
            "name": "Paul Patient",
            "mode": "",
            "other_name": "",
            "role": "patient",
            "joined": False,
        },
    ]
    shared = {
        "code": ringing.code,
        "state": "ringing",
        "outcome": "",
        "participants": people,
        "rang_at": ringing.rang_at.isoformat(),
        "accepted_at": None,
        "ended_at": None,
        "ring_seconds": 45,
        "ice_servers": [],
    }
    for state in (mine, theirs):
        assert abs(timezone.now() - datetime.fromisoformat(state.pop("now"))) < (
            timedelta(seconds=5)
        )
    assert mine == shared | {
        "me": host.code,
        "polite": False,
        "initiated_by_me": True,
        "subject_url": ringing.guest.appointment.get_absolute_url(),
    }
    assert theirs == shared | {
        "me": guest.code,
        "polite": True,
        "initiated_by_me": False,
        "subject_url": "",
    }


def test_times_of_a_finished_call(ringing: Call) -> None:
    assert ringing.guest is not None
    actions.accept_call(ringing, guest=ringing.guest, answer=None)
    actions.end_call(ringing, actor=ringing.guest)

    state = call_state(ringing, participant_for(ringing.guest, ringing.code))

    assert (state["state"], state["outcome"]) == ("ended", "completed")
    assert ringing.accepted_at is not None
    assert ringing.ended_at is not None
    assert state["accepted_at"] == ringing.accepted_at.isoformat()
    assert state["ended_at"] == ringing.ended_at.isoformat()
    assert [person["joined"] for person in state["participants"]] == [False, False]


def test_strangers_have_no_place_in_the_call(ringing: Call, stranger: User) -> None:
    foreign = CallFactory(guest=stranger.appointments.get().patient)

    assert participant_of(ringing, stranger) is None
    assert foreign.guest is not None
    assert participant_of(ringing, foreign.guest) is None
    place = live_participant(stranger)
    assert place is not None
    assert place.call == foreign


def test_ended_call_is_nobodys_live_call(ringing: Call) -> None:
    actions.end_call(ringing, actor=ringing.initiator)

    assert live_participant(ringing.initiator) is None


@pytest.mark.parametrize(
    ("state", "confirmed", "step"),
    [
        (Visit.State.ANNOUNCED, "", "name"),
        (Visit.State.ANNOUNCED, "Paul P.", "check"),
        (Visit.State.CHECKED, "Paul P.", "check"),
        (Visit.State.WAITING, "Paul P.", "waiting"),
        (Visit.State.CALLED, "Paul P.", "called"),
        (Visit.State.CONSULTATION, "Paul P.", "call"),
        (Visit.State.ENDED, "Paul P.", "ended"),
        (Visit.State.LEFT, "Paul P.", "left"),
    ],
)
def test_visit_names_the_step_of_its_page(
    guest: Guest, state: str, confirmed: str, step: str
) -> None:
    VisitFactory(guest=guest, state=state, confirmed_name=confirmed)

    assert visit_state(guest) == {
        "guest": guest.code,
        "step": step,
        "name": confirmed or "Paul Patient",
        "call": None,
        "offer": None,
        "ended_call": "",
        "may_return": confirmed != "",
    }


def test_guest_who_never_came_starts_with_the_name(guest: Guest) -> None:
    assert (visit_state(guest)["step"], visit_state(guest)["name"]) == ("name", "Paul Patient")


def test_page_that_was_away_finds_the_ring_and_its_offer(ringing: Call, news: News) -> None:
    assert ringing.guest is not None
    while_ringing = visit_state(ringing.guest)
    news.kept.clear()  # after a minute, or after a restart
    without_offer = visit_state(ringing.guest)
    news.kept[offer_key(ringing.code)] = {"type": "offer", "sdp": ""}
    actions.accept_call(ringing, guest=ringing.guest, answer=None)
    while_talking = visit_state(ringing.guest)

    assert while_ringing["call"]["code"] == ringing.code
    assert while_ringing["offer"] == {"type": "offer", "sdp": "v=0 offer"}
    assert without_offer["offer"] is None
    assert (while_talking["call"]["state"], while_talking["offer"]) == ("active", None)


@pytest.mark.parametrize(
    "offer", [{"type": "bye"}, {"type": "offer", "sdp": "x" * (48 * 1024 + 1)}, {"kind": "offer"}]
)
def test_offer_of_any_kind_is_checked(offer: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(offer, Description)


def test_professionals_hear_of_another_name_than_the_invited(ringing: Call) -> None:
    assert ringing.guest is not None
    ringing.guest.visits.update(confirmed_name="Petra Patient")
    host = participant_for(ringing.initiator, ringing.code)
    patient = participant_for(ringing.guest, ringing.code)

    told = [person["other_name"] for person in call_state(ringing, host)["participants"]]
    told_to_guest = [p["other_name"] for p in call_state(ringing, patient)["participants"]]

    assert told == ["", "Petra Patient"]
    assert told_to_guest == ["", ""]


def test_the_invited_name_in_another_spelling_is_no_other_name(ringing: Call) -> None:
    assert ringing.guest is not None
    ringing.guest.visits.update(confirmed_name=" paul  PATIENT")
    host = participant_for(ringing.initiator, ringing.code)

    assert {p["other_name"] for p in call_state(ringing, host)["participants"]} == {""}


def test_who_left_learns_nothing_of_who_comes_after_them(ringing: Call) -> None:
    assert ringing.guest is not None
    now = timezone.now()
    Call.objects.update(state=Call.State.ACTIVE, accepted_at=now - timedelta(minutes=9))
    ringing.participants.update(joined_at=now - timedelta(minutes=9))
    left = participant_for(ringing.guest, ringing.code)
    left.left_at = now - timedelta(minutes=5)
    left.save()
    later = GuestFactory(
        companion_of=ringing.guest, role="colleague", first_name="Petra", last_name="Psychologin"
    )
    CallParticipant.objects.create(call=ringing, guest=later, joined_at=now)
    ringing.refresh_from_db()

    told = call_state(ringing, left)

    assert told["state"] == "ended"
    assert [person["name"] for person in told["participants"]] == [
        "Dr. Anna Berger",
        "Paul Patient",
    ]
    assert {person["joined"] for person in told["participants"]} == {False}

"""A companion comes to a running conversation, and to none that is over."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions, people_actions
from healthcompanion.calls.models import Call
from healthcompanion.calls.people import call_people
from healthcompanion.core.events import user_channel
from healthcompanion.guests.actions import DoorClosed, confirm_name, enter_waiting_room
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest, Visit
from tests.calls.beside import accepted, at_door, inside, invited
from tests.calls.news import News
from tests.factories import VisitFactory
from tests.infrastructure.clients import with_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def talking(ringing: Call) -> Call:
    """Anna and Paul talk."""
    return accepted(ringing)


def knock(guest: Guest) -> None:
    enter_waiting_room(guest, camera=True, microphone=True)


@pytest.mark.parametrize("state", ["announced", "checked", "waiting", "left"])
def test_companion_is_told_the_end_and_waits_at_no_closed_door(
    talking: Call, news: News, state: str
) -> None:
    relative = invited(talking)
    VisitFactory(guest=relative, state=state, confirmed_name="Rita Relative")
    page, address = with_ticket(relative), f"/g/{relative.code}"
    before = page.get(f"{address}/state/").json()

    actions.end_call(talking, actor=talking.initiator)
    news.published.clear()
    after = page.get(f"{address}/state/").json()
    tries = [
        page.post(f"{address}/name/", {"name": "Rita R."}, "application/json"),
        page.post(f"{address}/waiting/", {"camera": True}, "application/json"),
    ]

    assert (before["step"], before["may_return"]) == (
        {"announced": "check", "checked": "check"}.get(state, state),
        True,
    )
    assert (after["step"], after["may_return"], after["call"]) == ("ended", False, None)
    assert [(answer.status_code, answer.json()["error"]) for answer in tries] == [
        (409, "visit")
    ] * 2
    assert Visit.objects.get(guest=relative).state == ("left" if state == "left" else "ended")
    assert news.published == []


def test_link_of_a_companion_says_whether_the_conversation_is_running(
    talking: Call, news: News
) -> None:
    relative = invited(talking)
    browser, link = Client(headers={"Accept-Language": "en"}), urlsplit(link_url(relative)).path
    Guest.objects.update(language="en")
    running = browser.get(link).content.decode()

    actions.end_call(talking, actor=talking.initiator)
    over = browser.get(link).content.decode()
    page = browser.post(link, follow=True)

    assert "the conversation is running now" in running
    assert "The call has ended" in over
    assert "conversation is running" not in over
    assert "<form method" not in over.split("<main")[1].split("</main>")[0]
    assert json.loads(page.context["visit_json"])["step"] == "ended"
    assert not Visit.objects.filter(guest=relative).exists()


def test_companion_is_welcome_again_when_the_patient_is_called_again(
    talking: Call, news: News, professional: User
) -> None:
    relative, patient = at_door(talking, news), talking.guest
    assert patient is not None
    actions.end_call(talking, actor=professional)
    knock(patient)
    with pytest.raises(DoorClosed):
        knock(relative)

    again = accepted(actions.call_guest(patient, caller=professional, offer=None))
    knock(relative)

    assert [one["guest"] for one in call_people(again)["door"]] == [relative.code]


def test_companion_may_come_while_the_patient_is_gone_and_others_talk(
    talking: Call, news: News
) -> None:
    inside(talking, news)
    assert talking.guest is not None
    people_actions.hang_up(talking, talking.guest)

    late = invited(talking, "Karl")
    page = with_ticket(late)
    page.post(f"/g/{late.code}/name/", {"name": "Karl K."}, "application/json")
    state = page.post(f"/g/{late.code}/waiting/", {"camera": True}, "application/json").json()

    assert state["step"] == "waiting"


def test_doctor_reads_when_a_companion_came_and_not_when_they_were_invited(
    talking: Call,
    news: News,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    User.objects.update(language="en")
    invitation = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # noon in Berlin
    monkeypatch.setattr(timezone, "now", lambda: invitation)
    relative = Guest.objects.get(pk=invited(talking).pk)
    arrival = invitation + timedelta(minutes=7)
    monkeypatch.setattr(timezone, "now", lambda: arrival)
    confirm_name(relative, name="Rita Relative")

    with django_capture_on_commit_callbacks(execute=True):
        knock(relative)

    told = [
        one["text"]
        for one in news.to(user_channel(talking.initiator_id))
        if one["type"] == "guest.arrived"
    ]
    assert told == ["Rita Relative waits to be let in (came at 12:07)."]

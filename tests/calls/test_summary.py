"""What both sides are told after a call."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.actions import end_call
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.people_actions import hang_up
from healthcompanion.core import events
from healthcompanion.guests.models import Guest, Visit
from tests.calls.beside import accepted, inside
from tests.calls.news import News
from tests.factories import AppointmentFactory, CallFactory, VisitFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db
Mode = CallParticipant.Mode


@pytest.fixture
def held(guest: Guest) -> Call:
    """Anna and Paul talked for 12:30 minutes, just now."""
    now = timezone.now()
    VisitFactory(guest=guest, state=Visit.State.ENDED, consultation_at=now, ended_at=now)
    return CallFactory(
        guest=guest,
        state=Call.State.ENDED,
        outcome=Call.Outcome.COMPLETED,
        rang_at=now - timedelta(minutes=13),
        accepted_at=now - timedelta(minutes=12, seconds=30),
        ended_at=now,
    )


@pytest.fixture
def doctor(professional: User) -> Client:
    return signed_in(professional)


def guests_address(call: Call, verb: str = "summary") -> str:
    assert call.guest is not None
    return f"/g/{call.guest.code}/calls/{call.code}/{verb}/"


def wait(news: News, host: User, minutes: int, state: str = "waiting", **names: Any) -> Guest:
    """Somebody who came that long ago and whose page is open."""
    guest: Guest = AppointmentFactory(professional=host, **names).patient
    since = timezone.now() - timedelta(minutes=minutes)
    VisitFactory(guest=guest, state=state, waiting_at=since)
    news.present.add(events.guest_channel(guest.pk))
    return guest


def test_both_learn_how_long_it_took(doctor: Client, held: Call, guest: Guest) -> None:
    host = doctor.get(f"/calls/{held.code}/summary/").json()
    patient = with_ticket(guest).get(guests_address(held)).json()

    assert patient == {"seconds": 750, "mode": "", "may_rate": True}
    assert host == {
        **patient,
        "appointment_url": f"/patients/{guest.appointment.code}/",
        "follow_up_url": f"/patients/new/?person={guest.appointment.code}",
        "waiting": 0,
        "next": None,
    }


@pytest.mark.parametrize(
    ("modes", "mode"),
    [
        (("direct", "direct"), "direct"),
        (("direct", ""), "direct"),
        (("", "relayed"), "relayed"),
        (("direct", "relayed"), "relayed"),
        (("", ""), ""),
    ],
)
def test_one_page_that_saw_a_relay_is_enough(
    doctor: Client, held: Call, modes: tuple[str, str], mode: str
) -> None:
    for place, measured in zip(held.participants.order_by("pk"), modes, strict=True):
        place.mode = measured
        place.save()

    assert doctor.get(f"/calls/{held.code}/summary/").json()["mode"] == mode


def test_next_is_who_waits_longest(
    doctor: Client, held: Call, news: News, professional: User, stranger: User
) -> None:
    wait(news, professional, 3, patient__last_name="Kurz")
    longest = wait(news, professional, 8, patient__first_name="Lena", patient__last_name="Lang")
    wait(news, professional, 20, state="called", patient__last_name="Klingelt")
    wait(news, professional, 30, state="ended", patient__last_name="Fertig")
    wait(news, stranger, 60, patient__last_name="Fremd")
    absent = wait(news, professional, 45, patient__last_name="Weg")
    news.present.remove(events.guest_channel(absent.pk))
    Visit.objects.filter(guest=longest).update(confirmed_name="Lena Kurzmann")

    said = doctor.get(f"/calls/{held.code}/summary/").json()

    visit = Visit.objects.get(guest=longest)
    assert visit.waiting_at is not None
    assert said["waiting"] == 2
    assert said["next"] == {
        "name": "Lena Lang",
        "other_name": "Lena Kurzmann",
        "since": visit.waiting_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "call_url": f"/patients/{longest.appointment.code}/call/",
    }


def test_guests_hear_nothing_of_other_guests(
    held: Call, guest: Guest, news: News, professional: User
) -> None:
    wait(news, professional, 5, patient__last_name="Wartet")

    page = with_ticket(guest).get(guests_address(held))

    assert set(page.json()) == {"seconds", "mode", "may_rate"}


def test_strangers_are_told_nothing(
    held: Call, stranger: User, colleague: User, other_guest: Guest
) -> None:
    for user in (stranger, colleague):
        assert signed_in(user).get(f"/calls/{held.code}/summary/").status_code == 404
    assert with_ticket(other_guest).get(guests_address(held)).status_code == 404
    other_door = f"/g/{other_guest.code}/calls/{held.code}/summary/"
    assert with_ticket(other_guest).get(other_door).status_code == 404


@pytest.mark.parametrize("state", [Call.State.RINGING, Call.State.ACTIVE])
def test_there_is_no_summary_before_the_end(
    doctor: Client, held: Call, guest: Guest, state: str
) -> None:
    Call.objects.update(state=state, outcome="", ended_at=None)

    answers = [
        doctor.get(f"/calls/{held.code}/summary/"),
        with_ticket(guest).get(guests_address(held)),
    ]

    assert [(it.status_code, it.json()["error"]) for it in answers] == [(409, "running")] * 2


def test_guests_page_knows_which_call_has_ended(held: Call, guest: Guest) -> None:
    patient = with_ticket(guest)

    ended = patient.get(f"/g/{guest.code}/state/").json()
    patient.post(f"/g/{guest.code}/waiting/", '{"camera": true, "microphone": true}', "text/json")
    back = patient.get(f"/g/{guest.code}/state/").json()

    assert (ended["step"], ended["ended_call"]) == ("ended", held.code)
    assert (back["step"], back["ended_call"]) == ("waiting", "")


def test_visit_that_ended_without_a_call_has_none(guest: Guest) -> None:
    VisitFactory(guest=guest, state=Visit.State.ENDED)

    assert with_ticket(guest).get(f"/g/{guest.code}/state/").json()["ended_call"] == ""


def came_and_went(call: Call, guest: Guest, *, came: int, went: int | None) -> None:
    """They were in the call, which began half an hour ago, from minute `came` to minute `went`."""
    began = timezone.now() - timedelta(minutes=30)
    Call.objects.filter(pk=call.pk).update(rang_at=began, accepted_at=began)
    call.participants.exclude(guest=guest).update(joined_at=began)
    times = {"joined_at": began + timedelta(minutes=came)}
    if went is not None:
        times["left_at"] = began + timedelta(minutes=went)
    call.participants.filter(guest=guest).update(**times)
    call.refresh_from_db()


def address_of(call: Call, guest: Guest) -> str:
    return f"/g/{guest.code}/calls/{call.code}/"


def test_who_leaves_early_is_told_their_own_time_while_the_others_go_on(
    ringing: Call, guest: Guest, news: News
) -> None:
    talking = accepted(ringing)
    relative = inside(talking, news)
    page, address = with_ticket(relative), address_of(talking, relative)
    before = page.get(f"{address}summary/")
    hang_up(talking, relative)
    came_and_went(talking, relative, came=10, went=14)

    state = page.get(f"/g/{relative.code}/state/").json()
    said = page.get(f"{address}summary/").json()
    call = page.get(address).json()
    rated = page.post(f"{address}rating/", {"score": 3}, "application/json").json()
    patient = with_ticket(guest).get(guests_address(talking))

    assert (before.status_code, before.json()["error"]) == (409, "running")
    assert (state["step"], state["ended_call"]) == ("ended", talking.code)
    assert said == {"seconds": 240, "mode": "", "may_rate": True}
    length = datetime.fromisoformat(call["ended_at"]) - datetime.fromisoformat(call["accepted_at"])
    assert length == timedelta(minutes=4)
    assert rated == {"may_rate": False}
    assert (patient.status_code, patient.json()["error"]) == (409, "running")


def test_who_comes_late_is_told_their_own_time_and_the_others_the_whole(
    doctor: Client, ringing: Call, guest: Guest, news: News
) -> None:
    talking = accepted(ringing)
    relative = inside(talking, news)
    came_and_went(talking, relative, came=25, went=None)

    end_call(talking, actor=talking.initiator)

    late = with_ticket(relative).get(f"{address_of(talking, relative)}summary/").json()
    patient = with_ticket(guest).get(guests_address(talking)).json()
    host = doctor.get(f"/calls/{talking.code}/summary/").json()
    assert late["seconds"] == pytest.approx(300, abs=20)
    assert patient["seconds"] == host["seconds"] == pytest.approx(1800, abs=20)


def test_relay_of_somebody_who_came_after_them_is_not_theirs(ringing: Call, news: News) -> None:
    talking = accepted(ringing)
    relative = inside(talking, news)
    hang_up(talking, relative)
    came_and_went(talking, relative, came=1, went=2)
    late = inside(talking, news, "Karl")
    talking.participants.filter(guest=late).update(mode="relayed")

    page = with_ticket(relative)
    assert page.get(f"{address_of(talking, relative)}summary/").json()["mode"] == ""

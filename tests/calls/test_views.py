"""The verbs of a call over HTTP."""

import json
from typing import Any

import pytest
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call
from healthcompanion.calls.queries import participant_for
from healthcompanion.guests.models import Guest, Visit
from tests.calls.news import News
from tests.factories import CallFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db
OFFER = {"offer": {"type": "offer", "sdp": "v=0"}}
BAD_BODIES = {
    "no json": "{",
    "list": "[]",
    "text": '"offer"',
    "no description": '{"offer": "v=0", "answer": "v=0"}',
    "unknown kind": '{"offer": {"type": "bye"}, "answer": {"type": "bye"}}',
    "unknown field": '{"offer": {"type": "offer", "x": 1}, "answer": {"type": "answer", "x": 1}}',
    "long": json.dumps({"offer": {"type": "offer", "sdp": "x" * 49 * 1024}, "answer": "x"}),
    "large": '{"offer": null, "answer": null, "x": "' + "x" * 65 * 1024 + '"}',
    "not utf-8": b'{"offer": {"type": "\xff"}, "answer": {"type": "\xff"}}',
}


def post(client: Client, path: str, body: Any = None) -> Any:
    content = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
    return client.post(path, content, content_type="application/json")


def guests_path(call: Call, verb: str = "") -> str:
    assert call.guest is not None
    return f"/g/{call.guest.code}/calls/{call.code}/{verb}"


@pytest.fixture
def doctor(professional: User) -> Client:
    return signed_in(professional)


@pytest.fixture
def patient(guest: Guest) -> Client:
    return with_ticket(guest)


def test_doctor_rings(doctor: Client, appointment: Appointment, waiting: Visit, news: News) -> None:
    answer = post(doctor, f"/patients/{appointment.code}/call/", OFFER)

    call = Call.objects.get()
    assert answer.status_code == 201
    assert answer.json()["code"] == call.code
    assert answer.json()["initiated_by_me"] is True
    assert news.kept == {f"offer:{call.code}": {"type": "offer", "sdp": "v=0"}}


def test_ring_works_without_an_offer(
    doctor: Client, appointment: Appointment, waiting: Visit, news: News
) -> None:
    assert post(doctor, f"/patients/{appointment.code}/call/").status_code == 201
    assert news.kept == {}


def test_absent_patient_cannot_be_rung(
    doctor: Client, professional: User, appointment: Appointment
) -> None:
    professional.language = "en"
    professional.save()

    answer = post(doctor, f"/patients/{appointment.code}/call/", OFFER)

    assert answer.status_code == 409
    assert answer.json() == {
        "error": "offline",
        "message": "The patient is not in the waiting room at the moment.",
    }


def test_second_ring_is_busy(doctor: Client, appointment: Appointment, ringing: Call) -> None:
    answer = post(doctor, f"/patients/{appointment.code}/call/", OFFER)

    assert (answer.status_code, answer.json()["error"]) == (409, "busy")
    assert Call.objects.get() == ringing


def test_stranger_and_colleague_cannot_ring(
    stranger: User, colleague: User, appointment: Appointment, waiting: Visit
) -> None:
    for person in (stranger, colleague):
        assert post(signed_in(person), f"/patients/{appointment.code}/call/").status_code == 404
    assert not Call.objects.exists()


def test_guest_accepts_and_the_second_tab_is_told_that_it_was_late(
    patient: Client, ringing: Call
) -> None:
    answer = {"answer": {"type": "answer", "sdp": "v=0"}}

    first = post(patient, guests_path(ringing, "acceptance/"), answer)
    second = post(patient, guests_path(ringing, "acceptance/"), answer)

    assert (first.status_code, first.json()["state"]) == (200, "active")
    assert (second.status_code, second.json()["error"]) == (409, "gone")
    assert second.json()["call"]["state"] == "active"
    assert second.json()["message"] != ""


def test_guest_declines(patient: Client, ringing: Call) -> None:
    answer = post(patient, guests_path(ringing, "refusal/"))
    again = post(patient, guests_path(ringing, "refusal/"))

    assert (answer.status_code, answer.json()["outcome"]) == (200, "declined")
    assert again.status_code == 409


def test_each_side_hangs_up_at_its_own_address(
    doctor: Client, patient: Client, ringing: Call
) -> None:
    post(patient, guests_path(ringing, "acceptance/"))

    first = post(patient, guests_path(ringing, "end/"))
    second = post(doctor, f"/calls/{ringing.code}/end/")

    for answer, polite in ((first, True), (second, False)):
        assert (answer.status_code, answer.json()["outcome"]) == (200, "completed")
        assert answer.json()["polite"] is polite


def test_page_that_was_away_asks_for_the_call(
    doctor: Client, patient: Client, ringing: Call
) -> None:
    mine = doctor.get(f"/calls/{ringing.code}/")
    theirs = patient.get(guests_path(ringing))

    assert mine.json()["me"] == participant_for(ringing.initiator, ringing.code).code
    assert mine.json()["me"] != theirs.json()["me"]
    for answer in (mine, theirs):
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_strangers_get_nothing_of_a_call(
    ringing: Call, stranger: User, colleague: User, assistant: User, other_guest: Guest
) -> None:
    foreign = CallFactory(guest=stranger.appointments.get().patient)
    answers: list[Any] = []
    for person in (stranger, colleague, assistant):
        client = signed_in(person)
        answers += [client.get(f"/calls/{ringing.code}/")]
        answers += [post(client, f"/calls/{ringing.code}/end/")]
    other = with_ticket(other_guest)
    for verb in ("acceptance/", "refusal/", "end/"):
        answers += [post(other, guests_path(ringing, verb))]
        answers += [post(other, f"/g/{other_guest.code}/calls/{ringing.code}/{verb}")]

    assert {answer.status_code for answer in answers} == {404}
    assert {call.state for call in (ringing, foreign)} == {"ringing"}
    assert set(Call.objects.values_list("state", flat=True)) == {"ringing"}


def test_session_does_not_stand_in_for_a_ticket(doctor: Client, ringing: Call) -> None:
    assert post(doctor, guests_path(ringing, "acceptance/")).status_code == 404


def test_ticket_does_not_stand_in_for_a_session(patient: Client, ringing: Call) -> None:
    answer = post(patient, f"/calls/{ringing.code}/end/")

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    ringing.refresh_from_db()
    assert ringing.state == "ringing"


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_body_is_refused(
    doctor: Client, patient: Client, appointment: Appointment, ringing: Call, body: str | bytes
) -> None:
    answers = [
        post(doctor, f"/patients/{appointment.code}/call/", body),
        post(patient, guests_path(ringing, "acceptance/"), body),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    ringing.refresh_from_db()
    assert ringing.state == "ringing"


def test_csrf_token_is_asked_for(guest: Guest, professional: User, ringing: Call) -> None:
    doctor, patient = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    doctor.cookies, patient.cookies = signed_in(professional).cookies, with_ticket(guest).cookies

    answers = [
        post(doctor, f"/calls/{ringing.code}/end/"),
        post(patient, guests_path(ringing, "acceptance/")),
        post(patient, guests_path(ringing, "refusal/")),
        post(patient, guests_path(ringing, "end/")),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_get_changes_nothing(doctor: Client, patient: Client, ringing: Call) -> None:
    answers = [doctor.get(f"/calls/{ringing.code}/end/")]
    answers += [
        patient.get(guests_path(ringing, verb)) for verb in ("acceptance/", "refusal/", "end/")
    ]

    assert [answer.status_code for answer in answers] == [405] * 4


@pytest.mark.parametrize("mode", ["direct", "relayed"])
def test_pages_tell_how_their_connection_runs(
    doctor: Client, patient: Client, ringing: Call, mode: str
) -> None:
    Call.objects.update(state=Call.State.ACTIVE)
    assert post(doctor, f"/calls/{ringing.code}/mode/", {"mode": mode}).status_code == 200
    answer = post(patient, guests_path(ringing, "mode/"), {"mode": "relayed"})

    assert [person["mode"] for person in answer.json()["participants"]] == [mode, "relayed"]
    assert list(ringing.participants.order_by("pk").values_list("mode", flat=True)) == [
        mode,
        "relayed",
    ]


def test_the_mode_of_a_ring_and_of_the_past_is_not_taken(
    doctor: Client, patient: Client, ringing: Call
) -> None:
    for state in (Call.State.RINGING, Call.State.ENDED):
        Call.objects.update(state=state)
        assert post(doctor, f"/calls/{ringing.code}/mode/", {"mode": "direct"}).status_code == 409
        assert post(patient, guests_path(ringing, "mode/"), {"mode": "direct"}).status_code == 409
    assert set(ringing.participants.values_list("mode", flat=True)) == {""}


@pytest.mark.parametrize("body", [{}, {"mode": ""}, {"mode": "192.0.2.1"}, {"mode": ["direct"]}])
def test_nothing_but_the_two_modes_is_kept(doctor: Client, ringing: Call, body: Any) -> None:
    assert post(doctor, f"/calls/{ringing.code}/mode/", body).status_code == 400

"""The guest's one document and the steps on its way."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.guests.models import Guest, Visit
from tests.factories import VisitFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(guest: Guest) -> Client:
    return with_ticket(guest)


def post(client: Client, guest: Guest, step: str, body: Any = None) -> Any:
    content = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
    return client.post(f"/g/{guest.code}/{step}/", content, content_type="application/json")


def test_way_from_the_name_to_the_waiting_room(patient: Client, guest: Guest) -> None:
    steps = [patient.get(f"/g/{guest.code}/state/").json()["step"]]
    steps += [post(patient, guest, "name", {"name": "  Paul \n Patient "}).json()["step"]]
    steps += [post(patient, guest, "waiting", {"camera": True}).json()["step"]]
    steps += [post(patient, guest, "departure").json()["step"]]

    visit = Visit.objects.get()
    assert steps == ["name", "check", "waiting", "left"]
    assert visit.confirmed_name == "Paul Patient"
    assert (visit.has_camera, visit.has_microphone) == (True, False)


def test_returning_after_leaving_opens_a_new_visit_under_the_same_name(
    patient: Client, guest: Guest
) -> None:
    VisitFactory(guest=guest, state=Visit.State.LEFT, confirmed_name="Paula P.")

    state = post(patient, guest, "waiting", {"camera": True, "microphone": True}).json()

    assert (state["step"], state["name"]) == ("waiting", "Paula P.")
    assert Visit.objects.count() == 2


def test_nobody_waits_without_a_name(patient: Client, guest: Guest) -> None:
    answer = post(patient, guest, "waiting", {"camera": True})

    assert (answer.status_code, answer.json()["error"]) == (409, "name")
    assert not Visit.objects.filter(state=Visit.State.WAITING).exists()


def test_waiting_twice_is_no_error_and_keeps_the_time(patient: Client, guest: Guest) -> None:
    since = timezone.now() - timedelta(minutes=5)
    VisitFactory(guest=guest, waiting_at=since)

    answer = post(patient, guest, "waiting", {"camera": False, "microphone": True})

    visit = Visit.objects.get()
    assert (answer.status_code, answer.json()["step"]) == (200, "waiting")
    assert (visit.waiting_at, visit.has_camera) == (since, False)


def test_nobody_leaves_in_mid_consultation(patient: Client, guest: Guest) -> None:
    VisitFactory(guest=guest, state=Visit.State.CONSULTATION)

    answer = post(patient, guest, "departure")

    assert (answer.status_code, answer.json()["error"]) == (409, "call")
    assert Visit.objects.get().state == Visit.State.CONSULTATION


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Please enter your first name and last name."),
        ("   ", "Please enter your first name and last name."),
        ("X", "Please enter your first name and last name."),
        ("12 34", "Please enter your first name and last name."),
        ("a" * 161, "Please enter at most 160 characters."),
    ],
)
def test_wrong_name_is_answered_beside_the_field(
    patient: Client, guest: Guest, name: str, sentence: str
) -> None:
    patient.cookies["hc_language"] = "en"

    answer = post(patient, guest, "name", {"name": name})

    assert (answer.status_code, answer.json()) == (422, {"errors": {"name": sentence}})
    assert not Visit.objects.exists()


@pytest.mark.parametrize("name", ["Nul\x00l", "\x00\x00"])
def test_name_that_no_database_can_hold_is_refused(
    patient: Client, guest: Guest, name: str
) -> None:
    assert post(patient, guest, "name", {"name": name}).status_code == 422


@pytest.mark.parametrize("name", ["Ay", "Ayşe Demir", "李 小龍", "O’Neil-Müller", "a" * 160])
def test_names_of_all_kinds_are_taken(patient: Client, guest: Guest, name: str) -> None:
    assert post(patient, guest, "name", {"name": name}).json()["name"] == name


BAD_BODIES = {
    "no json": "{",
    "list": "[]",
    "number": "7",
    "wrong types": '{"name": 1, "camera": "yes", "microphone": 1}',
    "null": '{"name": null, "camera": null}',
    "not utf-8": b'{"name": "\xff", "camera": "\xff"}',
    "lone surrogate": '{"name": "\\ud800", "camera": "\\ud800"}',
    "large": '{"x": "' + "x" * 65 * 1024 + '"}',
    "deep": '{"name": ' + "[" * 20_000,
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_body_is_refused(patient: Client, guest: Guest, body: str | bytes) -> None:
    VisitFactory(guest=guest, state=Visit.State.CHECKED)

    answers = [post(patient, guest, step, body) for step in ("name", "waiting")]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert Visit.objects.get().state == Visit.State.CHECKED


def test_csrf_token_is_asked_for(patient: Client, guest: Guest) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = patient.cookies

    answers = [post(strict, guest, step) for step in ("name", "waiting", "departure")]

    assert [answer.status_code for answer in answers] == [403] * 3


def test_another_guest_a_session_and_nobody_are_strangers(
    guest: Guest, other_guest: Guest, stranger: User
) -> None:
    VisitFactory(guest=guest, confirmed_name="Paul Geheim")
    for client in (with_ticket(other_guest), signed_in(stranger), signed_in(guest.host), Client()):
        answers = [client.get(f"/g/{guest.code}/state/")]
        answers += [post(client, guest, step) for step in ("name", "waiting", "departure")]

        assert [answer.status_code for answer in answers] == [404] * 4
        assert b"Geheim" not in b"".join(answer.content for answer in answers)
    assert Visit.objects.get().state == Visit.State.WAITING


def test_state_is_never_kept_by_the_browser(patient: Client, guest: Guest) -> None:
    assert "no-store" in patient.get(f"/g/{guest.code}/state/")["Cache-Control"]


def test_page_carries_the_state_and_is_never_kept(patient: Client, guest: Guest) -> None:
    page = patient.get(f"/g/{guest.code}/")

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    state = json.loads(page.context["visit_json"])
    assert (state["guest"], state["step"]) == (guest.code, "name")
    socket, page_made = page.context["urls"].pop("socket").split("?page=")
    assert (socket, abs(int(page_made) / 1000 - time.time()) < 5) == (f"/ws/g/{guest.code}/", True)
    assert page.context["urls"] == {
        "name": f"/g/{guest.code}/name/",
        "waiting": f"/g/{guest.code}/waiting/",
        "departure": f"/g/{guest.code}/departure/",
        "state": f"/g/{guest.code}/state/",
        "relays": f"/g/{guest.code}/check/relays/",
        "result": f"/g/{guest.code}/check/result/",
        "calls": f"/g/{guest.code}/calls/",
    }


def test_closed_link_is_gone_for_those_who_came_in_by_it(patient: Client, guest: Guest) -> None:
    guest.link_closed_at = timezone.now()
    guest.save()

    answers = [patient.get(f"/g/{guest.code}/{path}") for path in ("", "state/")]
    answers += [post(patient, guest, step) for step in ("name", "waiting", "departure")]

    assert [answer.status_code for answer in answers] == [410] * 5
    assert not Visit.objects.exists()


def test_refusals_speak_the_guest_s_language(patient: Client, guest: Guest) -> None:
    Guest.objects.filter(pk=guest.pk).update(language="en")
    patient.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"

    invited = post(patient, guest, "waiting").json()["message"]
    patient.cookies["hc_language"] = "de"
    chosen = post(patient, guest, "waiting").json()["message"]

    assert invited == "Please enter your name first."
    assert chosen == "Bitte geben Sie zuerst Ihren Namen ein."


def test_unknown_fields_are_no_request(patient: Client, guest: Guest) -> None:
    assert post(patient, guest, "name", {"name": "Paul P.", "state": "ended"}).status_code == 400

"""The check of a guest's device: what is kept, who sees it, and that links alone change nothing."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import links
from healthcompanion.guests.actions import record_check
from healthcompanion.guests.models import DeviceCheck, Guest, Visit
from healthcompanion.notifications.wording import Mail, render
from tests.factories import AppointmentFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db
LIGHTS = json.loads((Path(__file__).parent / "lights.json").read_text())
RELAY = "turn:relay.example:3478"
Queries = Callable[[int], Any]


def trace() -> tuple[Any, ...]:
    """Everything that opening a link could have changed."""
    rows = [list(model.objects.values()) for model in (Visit, Guest, DeviceCheck)]
    return (*rows, AuditEntry.objects.count())


def check_path(guest: Guest) -> str:
    return urlsplit(links.check_url(guest)).path


@pytest.mark.parametrize("case", LIGHTS)
def test_light_follows_from_what_was_found(case: dict[str, Any]) -> None:
    parts = {name: case[name] for name in ("camera", "microphone", "speaker", "path")}

    assert DeviceCheck(**parts, is_slow=case["slow"]).light == case["light"]


def test_findings_say_what_is_wrong_and_what_was_not_tried() -> None:
    check = DeviceCheck(camera=False, microphone=True, speaker=None, path="direct", is_slow=True)

    assert [str(text) for text in check.findings] == [
        "kein Bild",
        "langsame Verbindung",
        "nicht alles geprüft",
    ]


def test_every_link_of_the_invitation_may_be_opened_by_a_mail_scanner(
    appointment: Appointment, guest: Guest
) -> None:
    mail = render("appointment.invitation", str(appointment.pk))
    assert isinstance(mail, Mail)
    found = set(re.findall(r"https?://[^\s\"'<>]+", mail.text + mail.html))
    before = trace()

    answers = {
        (verb, url): Client().generic(verb, urlsplit(url).path)
        for url in found
        for verb in ("GET", "HEAD")
    }

    assert {links.link_url(guest), links.check_url(guest)} <= found
    assert {answer.status_code for answer in answers.values()} == {200}
    assert trace() == before
    assert [name for answer in answers.values() for name in answer.cookies if "guest" in name] == []


def test_button_lets_the_browser_check_and_begins_no_visit(guest: Guest) -> None:
    client = Client()

    answer = client.post(check_path(guest))

    assert answer["Location"] == f"/g/{guest.code}/check/"  # without the token
    assert client.get(answer["Location"]).status_code == 200
    assert not Visit.objects.exists()


def test_check_of_a_dead_or_guessed_link_is_refused(guest: Guest) -> None:
    path = check_path(guest)

    assert Client().get(path.replace(guest.code, "a" * 12)).status_code == 404
    guest.link_closed_at = timezone.now()
    guest.save()
    for verb in ("GET", "POST"):
        assert Client().generic(verb, path).status_code == 410
    assert with_ticket(guest).get(f"/g/{guest.code}/check/relays/").status_code == 410


def send(client: Client, guest: Guest, **found: Any) -> Any:
    return client.post(f"/g/{guest.code}/check/result/", found, content_type="application/json")


def test_result_replaces_the_one_before(guest: Guest, professional: User) -> None:
    client = with_ticket(guest)

    first = send(client, guest, camera=False, microphone=False)
    second = send(
        client, guest, camera=True, microphone=True, speaker=True, path="relayed", slow=False
    )

    assert [first.json(), second.json()] == [{"light": "red"}, {"light": "green"}]
    check = DeviceCheck.objects.get(guest=guest)
    assert (check.camera, check.path, check.is_slow) == (True, "relayed", False)
    history = signed_in(professional).get(f"/patients/{guest.appointment.code}/")
    assert "hat das Gerät geprüft: bereit" in history.content.decode()


def test_result_is_taken_ten_times_a_minute(guest: Guest, other_guest: Guest) -> None:
    client = with_ticket(guest)

    answers = [send(client, guest, camera=True).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    assert AuditEntry.objects.filter(action="check.made").count() == 10
    assert send(with_ticket(other_guest), other_guest, camera=True).status_code == 200


@pytest.mark.parametrize(
    "found",
    [{"path": "elsewhere"}, {"camera": "yes"}, {"camera": True, "model": "Logi C920"}],
)
def test_result_of_another_shape_is_refused(guest: Guest, found: dict[str, Any]) -> None:
    assert send(with_ticket(guest), guest, **found).status_code == 400
    assert not DeviceCheck.objects.exists()


def test_result_needs_the_guests_own_ticket(guest: Guest, other_guest: Guest) -> None:
    for client in (Client(), with_ticket(other_guest)):
        assert send(client, guest, camera=True).status_code == 404
    assert not DeviceCheck.objects.exists()


@pytest.mark.parametrize("light", ["green", "yellow", "red"])
def test_practice_sees_the_light_in_words_and_its_time(
    guest: Guest, professional: User, stranger: User, light: str
) -> None:
    case = next(case for case in LIGHTS if case["light"] == light)
    parts = {name: case[name] for name in ("camera", "microphone", "speaker", "path")}
    check = record_check(guest, **parts, is_slow=case["slow"])
    words = str(check.light.label)
    clock = timezone.localtime(check.checked_at).strftime("%H:%M")

    pages = ["/patients/", f"/patients/{guest.appointment.code}/"]
    shown = [signed_in(professional).get(page).content.decode() for page in pages]

    for page in shown:
        assert words in page
        assert clock in page
    assert words not in signed_in(stranger).get("/patients/").content.decode()


def test_list_asks_no_more_for_three_checks_than_for_one(
    guest: Guest,
    professional: User,
    django_assert_max_num_queries: Queries,
    django_assert_num_queries: Queries,
) -> None:
    client = signed_in(professional)
    record_check(guest, camera=True, microphone=True, speaker=True, path="direct", is_slow=False)
    with django_assert_max_num_queries(20) as counted:
        client.get("/patients/")
    for _ in range(2):
        row = AppointmentFactory(professional=professional)
        record_check(
            row.patient, camera=True, microphone=True, speaker=True, path="direct", is_slow=False
        )

    with django_assert_num_queries(len(counted)):
        client.get("/patients/")


def test_relays_for_a_trial_are_for_this_guest_and_one_minute(
    guest: Guest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HC_TURN_URLS, settings.HC_TURN_SECRET = [RELAY], "s" * 32
    monkeypatch.setattr("healthcompanion.calls.turn.time.time", lambda: 1000.0)

    answer = with_ticket(guest).get(f"/g/{guest.code}/check/relays/")

    (server,) = answer.json()["iceServers"]
    assert (server["urls"], server["username"]) == ([RELAY], f"1060:{guest.code}")
    assert "no-store" in answer["Cache-Control"]


def test_open_check_knows_no_relay_and_keeps_nothing(settings: Settings) -> None:
    settings.HC_TURN_URLS, settings.HC_TURN_SECRET = [RELAY], "s" * 32

    page = Client().get("/check/").content.decode()

    assert 'data-relays=""' in page
    assert 'data-result=""' in page
    assert "relay.example" not in page


def test_check_goes_with_its_guest(guest: Guest, settings: Settings) -> None:
    record_check(guest, camera=True, microphone=True, speaker=True, path="direct", is_slow=False)
    Guest.objects.filter(pk=guest.pk).update(scheduled_at=timezone.now() - timedelta(days=200))

    apply_retention()

    assert not DeviceCheck.objects.exists()


def test_chosen_language_is_kept_for_the_browser_and_for_later_mails(guest: Guest) -> None:
    client = with_ticket(guest)

    answer = client.post(
        f"/g/{guest.code}/language/", {"language": "en", "next": f"/g/{guest.code}/"}
    )

    guest.refresh_from_db()
    assert (answer["Location"], guest.language) == (f"/g/{guest.code}/", "en")
    assert "Please confirm your name" in client.get(f"/g/{guest.code}/").content.decode()


def test_unknown_language_changes_nothing(guest: Guest) -> None:
    with_ticket(guest).post(f"/g/{guest.code}/language/", {"language": "fr"})

    guest.refresh_from_db()
    assert guest.language == "de"


@pytest.mark.parametrize("name", ["", " ", "P", "P.", "7", "-- --"])
def test_blank_and_one_letter_names_are_refused_with_a_sentence(guest: Guest, name: str) -> None:
    answer = with_ticket(guest).post(
        f"/g/{guest.code}/name/", {"name": name}, content_type="application/json"
    )

    assert answer.status_code == 422
    assert answer.json()["errors"]["name"].startswith("Bitte geben Sie")
    assert not Visit.objects.exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_greeting_leads_to_privacy_and_terms_beside_it(guest: Guest, language: str) -> None:
    path = urlsplit(links.link_url(guest)).path

    page = Client(headers={"cookie": f"hc_language={language}"}).get(path).content.decode()

    for target in ("/privacy/", "/terms/"):
        anchors = re.findall(rf'<a href="{target}"[^>]*>', page)
        assert len(anchors) == 2
        assert all('target="_blank"' in anchor for anchor in anchors)
        assert Client().get(target).status_code == 200


@pytest.mark.parametrize(("minutes", "is_offered"), [(29, False), (31, True), (-60, False)])
def test_greeting_offers_the_check_to_who_comes_early(
    guest: Guest, minutes: int, is_offered: bool
) -> None:
    guest.scheduled_at = timezone.now() + timedelta(minutes=minutes, seconds=30)
    guest.save()

    page = Client().get(urlsplit(links.link_url(guest)).path).content.decode()

    assert (links.check_url(guest) in page) is is_offered


def test_link_typed_from_paper_forgives_digits_that_look_like_letters(guest: Guest) -> None:
    Guest.objects.filter(pk=guest.pk).update(code="olbolbolbolb")
    guest.refresh_from_db()
    path = urlsplit(links.link_url(guest)).path

    answer = Client().get(path.replace("olbolbolbolb", "018OLB018o1b"))

    assert answer.status_code == 200
    assert guest.host.full_name in answer.content.decode()

"""From an empty installation to a held consultation, as the people in it live it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.e2e.registrations import register
from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox, link_in
from tests.infrastructure.media import assert_media_flows, wait_for_picture
from tests.infrastructure.server import Server

DOCTOR, PATIENT = "lena.sommer@praxis.example", "paul.patient@example.net"


def invite(doctor: Person) -> None:
    """ "Termin erstellen" for in half an hour."""
    page = doctor.page
    start = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(minutes=30)
    page.get_by_role("link", name="Termin erstellen").first.click()
    page.locator("#id_first_name").fill("Paul")
    page.locator("#id_last_name").fill("Patient")
    page.locator("#id_email").fill(PATIENT)
    page.locator("#id_date").fill(start.strftime("%Y-%m-%d"))
    page.locator("#id_time").fill(start.strftime("%H:%M"))
    page.locator("#id_message_consent").check()
    page.get_by_role("button", name="Einladen").click()
    expect(page.get_by_role("heading", name="Paul Patient")).to_be_visible()


def wait_in_waiting_room(patient: Person, link: str) -> None:
    """Open the link, take part, confirm the name, check the devices, wait."""
    page = patient.goto(link)
    page.get_by_role("button", name="Teilnehmen").click()
    expect(page).not_to_have_url(re.compile("-"))  # the token is gone from the address
    expect(page.get_by_label("Vorname und Nachname")).to_have_value("Paul Patient")
    page.get_by_role("button", name="Weiter").click()
    page.locator("[data-panel=picture] video").wait_for()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Ton abspielen").click()
    page.get_by_role("button", name="Ja, ich habe ihn gehört").click()
    page.get_by_role("button", name="Wartezimmer betreten").click()
    expect(page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()


def stage(page: Page, state: str) -> Locator:
    return page.locator(f"call-stage[data-state={state}]")


def test_doctor_registers_invites_and_talks_to_a_patient(
    server: Server, mailbox: Mailbox, person: Callable[..., Person]
) -> None:
    doctor, patient = person("Doctor", server), person("Patient", server, phone=True)
    register(doctor, mailbox, DOCTOR, "Lena Sommer", practice="Praxis Sommer")
    expect(doctor.page.get_by_role("heading", level=1)).to_contain_text("Lena")
    invite(doctor)
    letter = mailbox.wait_for(PATIENT)
    expect(doctor.page.get_by_text("E-Mail erfolgreich zugestellt an Paul Patient")).to_be_visible()

    wait_in_waiting_room(patient, link_in(letter, f"{server.url}/g/"))
    expect(doctor.page.locator(".person .dot--online")).to_be_visible()
    doctor.page.get_by_role("button", name="Anruf starten").click()
    expect(stage(patient.page, "incoming")).to_contain_text("Lena Sommer")
    patient.page.get_by_role("button", name="Annehmen").click()
    wait_for_picture(doctor.page, patient.page)
    doctor.page.keyboard.press("Escape")  # the call becomes small
    doctor.page.get_by_role("link", name="Dashboard").click()
    expect(doctor.page).to_have_url(f"{server.url}/")
    assert_media_flows(doctor.page, patient.page, seconds=4)
    doctor.page.locator("#nav-patients").click()
    expect(doctor.page.get_by_role("heading", name="Patienten", level=1)).to_be_visible()
    doctor.page.go_back()
    expect(doctor.page).to_have_url(f"{server.url}/")
    assert_media_flows(doctor.page, patient.page, seconds=10)

    doctor.page.get_by_role("button", name="Auflegen").click()
    expect(patient.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    doctor.goto("/patients/")
    doctor.page.get_by_role("link", name="Paul Patient").first.click()
    history = doctor.page.locator(".history")
    expect(history).to_contain_text("Anruf angenommen")
    expect(history).to_contain_text(re.compile(r"Gespräch nach 0:\d\d Min. beendet"))
    call = server.run(
        "from healthcompanion.calls.models import Call;"
        f"c = Call.objects.get(initiator__email={DOCTOR!r});"
        "print(c.state, c.outcome, c.duration.total_seconds() > 10)"
    )
    assert call.splitlines()[-1] == "ended completed True"

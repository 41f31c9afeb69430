"""What the screenshots show of the waiting room: messages, and a patient who cancels."""

from playwright.sync_api import Page, expect

from tests.infrastructure.browser import Person
from tools.look import Look

FROM_PATIENT = "Muss ich noch etwas vorbereiten?"
FROM_DOCTOR = "Ich komme in etwa fünf Minuten. Bitte legen Sie Ihre Medikamentenliste bereit."


def messages(look: Look, doctor: Person, waiting: Page, appointment: str) -> None:
    """Both sides of a conversation; `waiting` is the patient's page, in the waiting room."""
    doctor.goto("/")
    say(waiting, FROM_PATIENT)
    doctor.page.locator(".waiting .unread:visible").wait_for()
    look.shoot(doctor.page, "dashboard-unread")
    doctor.page.locator(".waiting__name").first.click()
    doctor.page.wait_for_url(f"**{appointment}")
    doctor.page.locator(".messages__line--other").wait_for()
    say(doctor.page, FROM_DOCTOR)
    waiting.locator(".messages__line--other").wait_for()
    doctor.page.locator("[data-state=arrived]").wait_for()
    look.shoot(doctor.page, "appointment-messages")
    look.shoot(waiting, "waiting-messages")
    waiting.reload()
    waiting.locator("[data-step=waiting] h1").wait_for()
    doctor.page.locator(".messages__line--reopened").wait_for()
    look.shoot(doctor.page, "appointment-messages-reopened")


def cancellation(look: Look, doctor: Person, patient: Person, link: str) -> None:
    """The patient cancels, and what both see of it."""
    patient.expects("status of 410")
    page = patient.goto(link)
    page.locator("[data-dialog=cancellation]").click()
    look.shoot(page, "cancellation-dialog", whole=False)
    page.locator("dialog .button--danger").click()
    page.locator(".greeting .notice").wait_for()
    look.shoot(page, "cancelled")
    look.shoot(patient.goto(link), "cancelled-link")
    look.shoot(doctor.goto("/patients/"), "patients-cancelled")


def say(page: Page, text: str) -> None:
    box = page.locator("visit-chat textarea")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")

"""Shortcuts past what a test is not about: an account that exists, a patient who is invited."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.infrastructure.browser import Person
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server

PASSWORD = "Sonnenblume-42-Fenster"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    email: str
    password: str = PASSWORD


def professional(server: Server, first_name: str = "Anna", last_name: str = "Berger") -> Account:
    """A new doctor with a confirmed address and an individual account."""
    email = f"{first_name}.{secrets.token_hex(4)}@praxis.example".lower()
    server.run(f"""
from allauth.account.models import EmailAddress
from healthcompanion.accounts.models import User
from healthcompanion.organisations.actions import open_individual_account
user = User.objects.create_user(
    {email!r}, {PASSWORD!r}, title="Dr.", first_name={first_name!r}, last_name={last_name!r})
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
open_individual_account(user, practice_name="Praxis am Markt")
""")
    return Account(email)


def staff(server: Server) -> Account:
    """Somebody who works for the operator, without a second factor so far."""
    email = f"nora.{secrets.token_hex(4)}@operator.example"
    server.run(f"""
from allauth.account.models import EmailAddress
from healthcompanion.accounts.models import User
user = User.objects.create_user(
    {email!r}, {PASSWORD!r}, first_name="Nora", last_name="Brandt", is_staff=True)
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
""")
    return Account(email)


def patient_link(
    server: Server, account: Account, name: str = "Paul Patient", email: str = "paul@example.net"
) -> tuple[str, str]:
    """A patient of the doctor's, in ten minutes from now: code of the appointment, and link."""
    first_name, last_name = name.split(" ", 1)
    printed = server.run(f"""
import json
from datetime import timedelta
from django.utils import timezone
from healthcompanion.accounts.models import User
from healthcompanion.appointments.actions import create_appointment
user = User.objects.get(email={account.email!r})
row = create_appointment(
    user.membership.organisation, user, created_by=user, by_email=False, language="de",
    first_name={first_name!r}, last_name={last_name!r}, email={email!r},
    starts_at=timezone.now() + timedelta(minutes=10), duration_minutes=30)
print(json.dumps([row.code, row.link_url]))
""")
    code, link = json.loads(printed.splitlines()[-1])
    return code, link


def sign_in(person: Person, account: Account) -> None:
    page = person.goto("/accounts/login/")
    page.locator("input[name=login]").fill(account.email)
    page.locator("input[name=password]").fill(account.password)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(f"{person.home}/")


def take_part(guest: Person, link: str) -> None:
    """Open the link and press its button."""
    page = guest.goto(link)
    page.locator("form .button--primary").click()
    page.wait_for_url("**/g/*/")
    page.locator("[data-step=name] input").wait_for()


def confirm_name(guest: Person) -> None:
    page = guest.page
    page.locator("[data-step=name] [type=submit]").click()
    page.locator("[data-step=check] video").wait_for()


def finish_check(guest: Person) -> None:
    page = guest.page
    page.locator("[data-panel=picture] [data-action=next]:visible").click()
    hear_and_measure(guest)
    page.locator("[data-step=waiting] h1").wait_for()


def hear_and_measure(guest: Person) -> None:
    """The panels behind camera and microphone; nobody has to wait for the last one."""
    sound = guest.page.locator("[data-panel=sound]")
    sound.locator("[data-action=play]:visible").first.click()
    sound.locator("[data-action=heard]").click()
    guest.page.locator("[data-panel=connection] [data-action=next]").click()


def enter_waiting_room(guest: Person, link: str) -> None:
    """All steps from the link to the waiting room."""
    take_part(guest, link)
    confirm_name(guest)
    finish_check(guest)


def ring(host: Person, guest: Person) -> None:
    """Press the first "Start call" that the page allows; it rings at the guest's."""
    host.page.locator("[data-call-start]:not([aria-disabled=true]):visible").first.click()
    guest.page.locator("[data-action=accept]").wait_for()


def accept(guest: Person) -> None:
    guest.page.locator("[data-action=accept]").click()


def call(host: Person, guest: Person) -> None:
    ring(host, guest)
    accept(guest)


def in_call(
    server: Server, person: Callable[..., Person], *, phone: bool = False, language: str = "de-DE"
) -> tuple[Page, Page]:
    """A doctor and a patient (on a phone) who see each other: their pages."""
    doctor = person("Anna", server, language=language)
    patient = person("Paul", server, phone=phone, language=language)
    account = professional(server)
    code, link = patient_link(server, account)
    enter_waiting_room(patient, link)
    sign_in(doctor, account)
    doctor.goto(f"/patients/{code}/")
    call(doctor, patient)
    wait_for_picture(doctor.page, patient.page)
    return doctor.page, patient.page

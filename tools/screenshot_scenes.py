"""What the screenshots show: who goes where and does what."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from healthcompanion.core.specimens import ERROR_PAGES
from tests.e2e.people import PASSWORD, Account
from tests.infrastructure.browser import Person
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server
from tools import check_scenes, waiting_scenes
from tools.look import Look

Cookies = Sequence[Any]
PRIMARY = ".button--primary:visible"

# Devices that fail, each in its own way.
REFUSING = "navigator.mediaDevices.getUserMedia = async (wanted) => {%s}"
ERROR = "throw new DOMException('for a picture', '%s')"
PROBLEMS = {
    "devices-denied": REFUSING % (ERROR % "NotAllowedError"),
    "devices-missing": REFUSING % (ERROR % "NotFoundError"),
    "devices-busy": REFUSING % (ERROR % "NotReadableError"),
    "camera-denied": "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
    + REFUSING % ("if (wanted.video) " + ERROR % "NotAllowedError" + "; return ask(wanted)"),
    "devices-insecure": "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})",
}


@dataclass(frozen=True)
class Links:
    """Links of four patients, and where the first one's appointment stands."""

    open: str
    appointment: str
    troubled: str
    dead: str
    cancelled: str


def demo_account(server: Server, language: str) -> Account:
    """The demo's doctor, whose pages are in `language`."""
    printed = server.run(f"""
import json
from healthcompanion.dashboard import demo
user = demo.seed()
type(user).objects.filter(pk=user.pk).update(language={language!r})
print(json.dumps([user.email, demo.PASSWORD]))
""")
    return Account(*json.loads(printed.splitlines()[-1]))


def new_account(server: Server, language: str) -> Account:
    """Somebody on their first day, with no appointments."""
    email = f"jonas.weber.{language}@praxis-weber.example"
    server.run(f"""
from allauth.account.models import EmailAddress
from healthcompanion.accounts.models import User
from healthcompanion.organisations.actions import open_individual_account
user = User.objects.create_user({email!r}, {PASSWORD!r}, first_name="Jonas", last_name="Weber",
                                language={language!r})
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
open_individual_account(user, practice_name="Praxis Jonas Weber")
""")
    return Account(email)


def links(server: Server, language: str) -> Links:
    """Of two patients who are expected now, one whose appointment is deleted, and one who will
    cancel."""
    printed = server.run(f"""
import json
from datetime import timedelta
from django.utils import timezone
from healthcompanion.appointments import actions
from healthcompanion.dashboard import demo
user = demo.seed()
made = [actions.create_appointment(
    user.membership.organisation, user, created_by=user, by_email=False, language={language!r},
    first_name=first, last_name=last, email="lena@example.org",
    starts_at=timezone.now() + timedelta(minutes=5), duration_minutes=20,
) for first, last in (("Lena", "Hoffmann"), ("Greta", "Sommer"), ("Otto", "Vergangen"),
    ("Rosa", "Winkler"))]
lena, greta, otto, rosa = made
actions.delete_appointment(otto, actor=user)
links = [row.link_url for row in (greta, otto, rosa)]
print(json.dumps([lena.link_url, lena.get_absolute_url(), *links]))
""")
    return Links(*json.loads(printed.splitlines()[-1]))


def set_licence(server: Server, account: Account, *, active: bool) -> None:
    """Give the account its licence, or take it away (DEC-5)."""
    server.run(f"""
from healthcompanion.organisations.models import Membership
Membership.objects.filter(user__email={account.email!r}).update(is_licensed={active})
""")


def sign_in(person: Person, account: Account) -> Cookies:
    page = person.goto("/accounts/login/")
    page.locator("input[name=login]").fill(account.email)
    page.locator("input[name=password]").fill(account.password)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(f"{person.home}/")
    return [cookie for cookie in person.context.cookies() if cookie.get("name") == "hc_session"]


def entrance(look: Look, visitor: Person, dead_link: str) -> None:
    """Pages that need no account, and what they say when something is wrong."""
    visitor.expects(r"status of (400|404|410|422)")
    pages = {
        "start": "/",
        "sign-in": "/accounts/login/",
        "registration": "/accounts/signup/",
        "password-reset": "/accounts/password/reset/",
        "password-reset-sent": "/accounts/password/reset/done/",
        "password-link-dead": "/accounts/password/reset/key/1-unknown/",
        "mail-verification": "/accounts/confirm-email/",
        "mail-link-dead": "/accounts/confirm-email/unknown/",
        "imprint": "/imprint/",
        "privacy": "/privacy/",
        "terms": "/terms/",
        "not-found": "/nowhere/",
        "link-unknown": "/g/abcdefghijkl-abcdefghij",
        "link-gone": dead_link,
        "lost-link": "/lost-link/",
        "lost-link-sent": "/lost-link/sent/",
        "styleguide": "/styleguide/",
    }
    pages |= {f"error-{name}": f"/styleguide/errors/{name}/" for name in ERROR_PAGES}
    for name, path in pages.items():
        look.shoot(visitor.goto(path), name)
    check_scenes.open_to_all(look, visitor)
    page = visitor.goto("/accounts/login/")
    page.locator("input[name=login]").fill("nobody@example.org")
    page.locator("input[name=password]").fill("wrong")
    page.locator("input[name=password]").press("Enter")
    page.locator("[aria-invalid=true], [role=alert]").first.wait_for()
    look.shoot(page, "sign-in-wrong")
    page = visitor.goto("/accounts/signup/")
    page.get_by_role("radio").nth(2).check()
    look.shoot(page, "registration-member")
    page.get_by_role("radio").nth(0).check()
    page.locator(PRIMARY).click()
    page.locator(PRIMARY).click()
    page.locator("[aria-invalid=true]").first.wait_for()
    look.shoot(page, "registration-errors")


def first_day(look: Look, newcomer: Person) -> None:
    """The empty states."""
    look.shoot(newcomer.goto("/"), "dashboard-empty")
    look.shoot(newcomer.goto("/patients/"), "patients-empty")


def pending(look: Look, member: Person) -> None:
    """What a member sees before they have a licence."""
    look.shoot(member.goto("/"), "pending")


def practice(look: Look, doctor: Person) -> None:
    """The signed-in pages."""
    doctor.expects(r"status of (404|422)")
    pages = {
        "dashboard": "/",
        "patients": "/patients/",
        "patients-past": "/patients/?filter=past",
        "appointment-new": "/patients/new/",
        "outbox": "/outbox/",
        "security": "/settings/security/",
        "password-change": "/accounts/password/change/",
        "sign-out": "/accounts/logout/",
        "not-found-signed-in": "/patients/abcdefghijkl/",
    }
    for name, path in pages.items():
        look.shoot(doctor.goto(path), name)
    page = doctor.goto("/patients/new/")
    page.locator(PRIMARY).click()
    page.locator("[aria-invalid=true]").first.wait_for()
    look.shoot(page, "appointment-errors")
    appointments(look, doctor)
    page = doctor.goto("/outbox/")
    page.locator("#main a[href^='/outbox/']").first.click()
    page.wait_for_url("**/outbox/*/")
    look.shoot(page, "outbox-mail")


def appointments(look: Look, doctor: Person) -> None:
    """Search the list, look at an appointment, and everything that can be done to it."""
    doctor.expects(r"status of 422")
    page = doctor.goto("/patients/")
    page.locator(".search[data-htmx-powered]").wait_for()
    for name, typed, shown in (
        ("found", "mustermann", "#search-status:not(:empty)"),
        ("nobody", "zzz", "#appointments .empty"),
    ):
        page.locator("#id_search").fill(typed)
        page.locator(shown).wait_for(state="attached")
        look.shoot(page, f"patients-search-{name}")
    page = doctor.goto("/patients/new/")
    page.locator(".search[data-htmx-powered]").wait_for()
    page.locator("#id_search").fill("er")
    page.locator("#people .row").first.wait_for()
    look.shoot(page, "appointment-new-search")
    look.shoot(doctor.goto("/patients/invited/"), "people")
    look.shoot(doctor.goto("/patients/invited/?search=zzz"), "people-nobody")
    page = doctor.goto("/patients/")
    page.locator("#main a[href^='/patients/']").filter(has_text="Mustermann").first.click()
    page.wait_for_url("**/patients/*/")
    address = page.url
    look.shoot(page, "appointment")
    page.locator("[data-dialog=link-replacement]").click()
    look.shoot(page, "appointment-link-dialog", whole=False)
    look.shoot(doctor.goto(address + "link/"), "appointment-link")
    look.shoot(doctor.goto(address + "deletion/"), "appointment-deletion")
    look.shoot(doctor.goto(address + "sheet/"), "invitation-sheet")
    page = doctor.goto(address + "edit/")
    look.shoot(page, "appointment-edit")
    page.locator("#id_email").fill("wrong@")
    page.locator("#id_duration_minutes").fill("1000")
    page.locator(PRIMARY).click()
    page.locator("[aria-invalid=true]").first.wait_for()
    look.shoot(page, "appointment-edit-errors")


def consultation(look: Look, doctor: Person, patient: Person, link: str) -> None:
    """From the link to the end of the call, on both sides."""
    arrive(look, patient, link)
    page = doctor.goto("/")
    look.shoot(page, "dashboard-waiting")
    page.locator("[data-call-start]:not([aria-disabled=true]):visible").first.click()
    patient.page.locator("[data-action=accept]").wait_for()
    look.shoot(patient.page, "ringing-patient", whole=False)
    look.shoot(page, "ringing-doctor", whole=False)
    patient.page.locator("[data-action=accept]").click()
    wait_for_picture(page, patient.page)
    page.wait_for_timeout(1500)
    look.shoot(page, "call", whole=False)
    look.shoot(patient.page, "call-patient", whole=False)
    page.keyboard.press("Escape")  # as the button does, which phones have no room for
    page.locator("nav a[href='/patients/']:visible").first.click()
    page.wait_for_url("**/patients/")
    look.shoot(page, "call-beside-work", whole=False)
    page.locator("[data-action=expand]").click()
    page.locator("[data-action=hang-up]:visible").click()
    page.locator("[data-part=summary]:visible").wait_for()
    look.shoot(page, "call-ended", whole=False)
    patient.page.locator("[data-part=summary]:visible").wait_for()
    look.shoot(patient.page, "ended-patient")
    for side, answer in ((page, "3"), (patient.page, "2")):
        side.locator(f"[data-score='{answer}']").click()
        side.locator("[data-part=rating-said]:not(:empty)").wait_for()
    look.shoot(page, "call-ended-rated", whole=False)
    look.shoot(patient.page, "ended-patient-rated")


def arrive(look: Look, patient: Person, link: str) -> None:
    """The guest's steps, up to the waiting room."""
    page = patient.goto(link)
    look.shoot(page, "invitation")
    page.locator(PRIMARY).click()
    page.wait_for_url("**/g/*/")
    page.locator("[data-step=name] input").wait_for()
    look.shoot(page, "name")
    page.locator("[data-step=name] [type=submit]").click()
    check_scenes.walk(page, look)
    check_scenes.finish(page)
    page.locator("[data-step=waiting] h1").wait_for()
    page.wait_for_timeout(500)
    look.shoot(page, "waiting")


def troubles(look: Look, doctor: Person, patient: Person, link: str) -> None:
    """What the patient reads where camera and microphone do not work; then another name."""
    check_scenes.alone(look, patient, link)
    arriving = patient.goto(link)
    arriving.locator(PRIMARY).click()
    arriving.locator("[data-step=name] input").fill("Margarete Sommer-Leutheusser")
    arriving.locator("[data-step=name] [type=submit]").click()
    arriving.locator("[data-panel=picture] h1").wait_for()
    for name, script in PROBLEMS.items():
        page = patient.context.new_page()
        page.add_init_script(script)
        page.goto(arriving.url)
        page.locator(
            "device-check [role=alert] p"
        ).first.wait_for()  # it asks by itself: once allowed
        look.shoot(page, name)
        page.close()
    arriving.reload()  # the other windows have replaced it
    check_scenes.walk(arriving)
    check_scenes.finish(arriving)
    arriving.locator("[data-step=waiting] h1").wait_for()
    look.shoot(doctor.goto("/"), "dashboard-other-name")
    page = doctor.goto("/patients/")
    look.shoot(page, "patients-other-name")
    page.locator("#main a[href^='/patients/']").filter(has_text="Sommer").first.click()
    page.wait_for_url("**/patients/*/")
    look.shoot(page, "appointment-other-name")
    page.locator("[data-call-start]:visible").click()
    patient.page.locator("[data-action=accept]").click()
    wait_for_picture(page, patient.page)
    look.shoot(page, "call-other-name", whole=False)
    page.locator("[data-action=hang-up]:visible").click()
    patient.page.locator("[data-step=ended] h1").wait_for()


def detours(look: Look, doctor: Person, patient: Person, links: Links) -> None:
    """After the call: back, away, in another window, and the link that ends meanwhile."""
    patient.expects("status of 410")
    page = patient.page
    page.locator("[data-step=ended] [data-action=return]").click()
    page.locator("[data-step=waiting] h1").wait_for()
    doctor.page.locator("[data-part=next]:visible").wait_for()
    look.shoot(doctor.page, "call-ended-next", whole=False)
    page.locator("[data-step=waiting] [data-action=leave]").click()
    page.locator("[data-step=left] h1").wait_for()
    look.shoot(page, "left")
    page.locator("[data-step=left] [data-action=return]").click()
    page.locator("[data-step=waiting] h1").wait_for()
    other = patient.context.new_page()
    other.goto(page.url)
    page.locator("[data-step=replaced] h1").wait_for()
    look.shoot(page, "replaced")
    other.locator("[data-step=waiting] h1").wait_for()
    waiting_scenes.messages(look, doctor, other, links.appointment)
    deleting = doctor.goto(links.appointment + "deletion/")
    deleting.locator("#main form .button--danger").click()
    deleting.wait_for_url("**/patients/")
    other.locator("[data-step=gone] h1").wait_for()
    look.shoot(other, "gone-meanwhile")

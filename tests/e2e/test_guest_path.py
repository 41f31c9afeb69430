"""The guest's way: back and forth, in two languages, with what there is, on any screen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.figures import Figures
from tests.infrastructure.mail import Mailbox, text_of
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]
NARROW = {"width": 320, "height": 400}  # a screen of 1280 x 1600 at 400 % (WCAG 2.2, 1.4.10)
BY_SYSTEM = """
navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('Permission denied by system', 'NotAllowedError');
};
"""
WITHOUT_CAMERA = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => {
  if (wish.video) throw new DOMException('for a test', 'NotFoundError');
  return ask(wish);
};
"""
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def link(server: Server) -> str:
    _code, link = people.patient_link(server, people.professional(server))
    return link


def rows(server: Server, link: str) -> str:
    """Everything that a guest's link could change."""
    code = link.rsplit("/", 1)[1].split("-")[0]
    return server.run(f"""
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import DeviceCheck, Guest, Visit
print([list(rows.values()) for rows in (Visit.objects.filter(guest__code={code!r}),
    DeviceCheck.objects.filter(guest__code={code!r}), Guest.objects.filter(code={code!r}))],
    AuditEntry.objects.filter(
        organisation_id__in=Guest.objects.filter(code={code!r}).values("organisation")).count())
""")


def to_panel(page: Page, name: str) -> None:
    """From camera and microphone to a later panel of the check."""
    page.locator("[data-panel=picture] [data-action=next]:visible").click()
    if name == "connection":
        page.get_by_role("button", name="Ton abspielen").click()
        page.get_by_role("button", name="Ja, ich habe ihn gehört").click()
    page.locator(f"[data-panel={name}] h1").wait_for()


def test_way_back_loses_nothing(server: Server, person: PersonMaker, link: str) -> None:
    paul = person("Paul", server, phone=True)
    people.take_part(paul, link)
    page = paul.page
    page.get_by_label("Vorname und Nachname").fill("Paul Peter Patient")
    people.confirm_name(paul)
    to_panel(page, "connection")

    for panel in ("sound", "picture"):
        page.get_by_role("button", name="Zurück").click()
        expect(page.locator(f"[data-panel={panel}] h1")).to_be_focused()
    expect(page.locator("video[data-part=preview]")).to_be_visible()
    page.get_by_role("button", name="Zurück").click()
    expect(page.get_by_label("Vorname und Nachname")).to_have_value("Paul Peter Patient")
    page.get_by_role("button", name="Weiter").click()
    people.finish_check(paul)

    assert "Paul Peter Patient" in rows(server, link)


def test_language_changes_in_mid_path_and_nothing_typed_is_lost(
    server: Server, person: PersonMaker, link: str
) -> None:
    paul = person("Paul", server, phone=True)
    people.take_part(paul, link)
    page = paul.page
    page.get_by_label("Vorname und Nachname").fill("Paul Pat")

    page.locator("form.language [value=en]").click()
    expect(page.get_by_role("heading", name="Please confirm your name")).to_be_visible()
    expect(page.get_by_label("First name and last name")).to_have_value("Paul Pat")
    page.get_by_role("button", name="Continue").click()
    page.locator("[data-panel=picture] video").wait_for()
    page.locator("[data-panel=picture] [data-action=next]:visible").click()
    page.locator("form.language [value=de]").click()
    expect(page.get_by_role("heading", name="Hören Sie uns?")).to_be_visible()
    page.get_by_role("button", name="Ton abspielen").click()
    page.get_by_role("button", name="Ja, ich habe ihn gehört").click()
    page.locator("form.language [value=en]").click()
    expect(page.get_by_role("heading", name="Your connection")).to_be_visible()
    page.get_by_role("button", name="Enter the waiting room").click()

    expect(page.get_by_role("heading", name="You are in the right place")).to_be_visible()
    state = rows(server, link)
    assert "'language': 'en'" in state
    assert "'camera': True, 'microphone': True, 'speaker': True" in state


def test_no_link_of_the_mail_changes_anything_by_being_opened(
    server: Server, person: PersonMaker, mailbox: Mailbox
) -> None:
    """A mail scanner that runs scripts, and one that only asks for the headers."""
    account = people.professional(server)
    server.run(f"""
from datetime import timedelta
from django.utils import timezone
from healthcompanion.accounts.models import User
from healthcompanion.appointments.actions import create_appointment
user = User.objects.get(email={account.email!r})
create_appointment(user.membership.organisation, user, created_by=user, by_email=True,
    language="de", first_name="Paul", last_name="Patient", email="scanned@example.net",
    starts_at=timezone.now() + timedelta(days=2), duration_minutes=30)
""")
    letter = mailbox.wait_for("scanned@example.net")
    links = set(re.findall(r"https?://[^\s\"'<>]+", text_of(letter) + text_of(letter, "html")))
    link, check = sorted(links, key=len)
    assert check == f"{link}/check/"
    before = rows(server, link)
    scanner = person("Scanner", server)

    for address in (link, check):
        assert scanner.context.request.head(address).status == 200
        scanner.goto(address).wait_for_timeout(1500)
        expect(scanner.page.locator("h1")).to_be_visible()

    assert rows(server, link) == before


def test_system_that_blocks_is_told_from_a_page_that_may_not(
    server: Server, person: PersonMaker, link: str
) -> None:
    paul = person("Paul", server, phone=True, user_agent=SAMSUNG)
    paul.page.add_init_script(BY_SYSTEM)
    people.take_part(paul, link)
    paul.page.get_by_role("button", name="Weiter").click()

    panel = paul.page.locator("[data-panel=picture]")
    expect(panel.locator("[role=alert]")).to_contain_text("Ihr Gerät lässt diesen Browser nicht")
    expect(panel).to_contain_text("So erlauben Sie es in Android")


def test_help_is_the_one_for_this_browser_and_trying_again_can_succeed(
    server: Server, person: PersonMaker, link: str
) -> None:
    paul = person("Paul", server, phone=True, user_agent=SAMSUNG)
    paul.page.add_init_script("""
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
let refused = 0;
navigator.mediaDevices.getUserMedia = async (wish) => {
  if (refused++ < 3) throw new DOMException('Permission denied', 'NotAllowedError');
  return ask(wish);
};
""")
    people.take_part(paul, link)
    paul.page.get_by_role("button", name="Weiter").click()
    panel = paul.page.locator("[data-panel=picture]")
    expect(panel).to_contain_text("So erlauben Sie es in Samsung Internet")
    expect(panel.get_by_role("listitem")).to_have_count(3)

    paul.page.get_by_role("button", name="Noch einmal versuchen").click()

    expect(panel.locator("video")).to_be_visible()
    expect(panel.locator("[role=alert]")).to_be_hidden()


def test_who_lacks_a_camera_takes_part_without_one(
    server: Server, person: PersonMaker, link: str
) -> None:
    paul = person("Paul", server, phone=True)
    paul.page.add_init_script(WITHOUT_CAMERA)
    people.take_part(paul, link)
    paul.page.get_by_role("button", name="Weiter").click()
    alert = paul.page.locator("[data-panel=picture] [role=alert]")
    expect(alert).to_contain_text("keine Kamera gefunden")

    paul.page.get_by_role("button", name="Ohne Kamera teilnehmen").click()
    paul.page.get_by_role("button", name="Ton abspielen").click()
    paul.page.get_by_role("button", name="Nein, ich habe nichts gehört").click()
    expect(paul.page.locator("[data-panel=sound]")).to_contain_text("Stummschalter")
    paul.page.get_by_role("button", name="Ohne Ton weiter").click()
    paul.page.get_by_role("button", name="Wartezimmer betreten").click()

    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    assert "'camera': False, 'microphone': True, 'speaker': False" in rows(server, link)


def test_level_of_the_microphone_is_told_to_screen_readers(
    server: Server, person: PersonMaker, link: str
) -> None:
    """Chromium's fake microphone beeps once a second."""
    paul = person("Paul", server)
    people.take_part(paul, link)
    people.confirm_name(paul)

    expect(paul.page.locator("[data-panel=picture]").get_by_text("Wir hören Sie.")).to_be_visible()
    meter = paul.page.get_by_role("meter")
    expect(meter).to_have_attribute("aria-valuetext", re.compile("leise|laut"), timeout=10_000)


def test_one_of_several_cameras_is_chosen(server: Server, person: PersonMaker, link: str) -> None:
    paul = person("Paul", server)
    people.take_part(paul, link)
    people.confirm_name(paul)
    page = paul.page
    page.get_by_text("Andere Kamera oder anderes Mikrofon").click()
    microphones = page.locator("device-check").get_by_label("Mikrofon", exact=True)
    names = microphones.locator("option").all_inner_texts()

    microphones.select_option(label=names[-1])

    page.wait_for_function(
        "name => document.querySelector('[data-choice=microphone] select').value ==="
        " [...document.querySelectorAll('[data-choice=microphone] option')].at(-1).value"
        " && document.querySelector('[data-panel=picture]').dataset.state === 'open'"
    )
    assert len(set(names)) == len(names) >= 2


def throttled(page: Page, kilobits: float, before: CDPSession | None = None) -> CDPSession:
    """As if the line to this browser carried so many kbit/s. Each session has a say of its own, so
    that a second wish goes to the session of the first."""
    session = before or page.context.new_cdp_session(page)
    session.send("Network.enable")
    condition: dict[str, Any] = {"offline": False, "latency": 30, "uploadThroughput": -1}
    condition["downloadThroughput"] = kilobits * 1000 / 8
    session.send("Network.emulateNetworkConditions", condition)
    return session


@pytest.mark.parametrize(("kilobits", "is_slow"), [(1_900, True), (2_100, False)])
def test_line_below_two_thousand_kilobits_is_warned_of(
    server: Server, person: PersonMaker, figures: Figures, kilobits: int, is_slow: bool
) -> None:
    """A25: warned of, and never a hurdle."""
    paul = person("Paul", server, phone=True)
    page = paul.goto("/check/")
    to_panel(page, "sound")
    line = throttled(page, kilobits)
    page.get_by_role("button", name="Ton abspielen").click()
    page.get_by_role("button", name="Ja, ich habe ihn gehört").click()

    rate = page.locator("[data-part=rate-text]")
    expect(rate).to_contain_text("kbit/s", timeout=8_000)

    measured = int(re.sub(r"\D", "", re.findall(r"[\d.]+ kbit", rate.inner_text())[0]))
    figures("A25", f"a line of {kilobits} kbit/s is measured as {measured}")
    assert abs(measured - kilobits) <= 0.05 * kilobits
    advice = page.locator("[data-part=slow-advice]")
    expect(advice).to_be_visible() if is_slow else expect(advice).to_be_hidden()
    page.get_by_role("button", name="Ergebnis anzeigen").click()
    verdict = "mit Einschränkung" if is_slow else "Ihr Gerät ist bereit"
    expect(page.get_by_role("heading", level=1)).to_contain_text(verdict)
    throttled(page, 50_000, line)
    page.get_by_role("button", name="Noch einmal prüfen").click()
    to_panel(page, "connection")
    page.locator("[data-panel=connection][data-state=done]").wait_for()
    page.get_by_role("button", name="Ergebnis anzeigen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihr Gerät ist bereit")


def test_measuring_ends_when_the_guest_goes_on(
    server: Server, person: PersonMaker, link: str
) -> None:
    paul = person("Paul", server)
    people.take_part(paul, link)
    people.confirm_name(paul)
    to_panel(paul.page, "sound")
    throttled(paul.page, 200)
    ended: list[str] = []
    paul.page.on("requestfailed", lambda request: ended.append(request.url))
    paul.page.get_by_role("button", name="Ton abspielen").click()
    paul.page.get_by_role("button", name="Ja, ich habe ihn gehört").click()
    expect(paul.page.get_by_text("Wir messen Ihre Verbindung")).to_be_visible()

    paul.page.get_by_role("button", name="Wartezimmer betreten").click()

    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    assert [url for url in ended if url.endswith("/speed/")]
    state = rows(server, link)
    assert "'speaker': True, 'path': '', 'is_slow': None" in state


def test_check_before_the_appointment_lights_up_at_the_practice(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    anna.goto(f"/patients/{code}/")
    expect(anna.page.get_by_text("noch nicht geprüft")).to_be_visible()

    paul.goto(f"{link}/check/").get_by_role("button", name="Prüfung starten").click()
    expect(paul.page).to_have_url(re.compile(r"/g/[a-z2-7]{12}/check/$"))
    to_panel(paul.page, "connection")
    expect(paul.page.get_by_text("Eine direkte Verbindung ist möglich")).to_be_visible()
    paul.page.get_by_role("button", name="Ergebnis anzeigen").click()

    expect(paul.page.get_by_text("sieht dieses Ergebnis")).to_be_visible()
    expect(anna.page.get_by_text("Gerät bereit")).to_be_visible()  # by itself
    expect(anna.goto("/patients/").get_by_text("Gerät bereit")).to_be_visible()
    assert rows(server, link).startswith("[[], [{")  # a check is no visit


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways, and no control is cut off."""
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    lost = page.evaluate("""
() => [...document.querySelectorAll('main :is(button, a, input, select, summary)')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .filter((one) => !one.closest('.visually-hidden'))
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.left < 0 || box.right > innerWidth || box.width < 24 || box.height < 20)
  .map(([text]) => text)
""")
    assert lost == [], page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_fits_a_narrow_screen_and_keeps_nobody_out(
    server: Server, person: PersonMaker, link: str, scheme: str
) -> None:
    paul = person("Paul", server, phone=True, color_scheme=scheme)
    page = paul.page
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # as Playwright has it

    def look() -> None:
        fits(page)
        axe(page)

    for address in (f"{link}/check/", "/lost-link/", "/check/", link):
        paul.goto(address)
        look()
    people.take_part(paul, link)
    look()
    people.confirm_name(paul)
    page.get_by_text("Andere Kamera oder anderes Mikrofon").click()
    look()
    to_panel(page, "sound")
    look()
    page.get_by_role("button", name="Ton abspielen").click()
    look()
    page.get_by_role("button", name="Nein, ich habe nichts gehört").click()
    look()
    page.get_by_role("button", name="Ohne Ton weiter").click()
    expect(page.get_by_text("Gemessene Geschwindigkeit")).to_be_visible(timeout=8_000)
    look()
    page.get_by_role("button", name="Wartezimmer betreten").click()
    expect(page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    look()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_result_and_help_fit_a_narrow_screen_and_keep_nobody_out(
    server: Server, person: PersonMaker, scheme: str
) -> None:
    paul = person("Paul", server, phone=True, color_scheme=scheme)
    paul.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # as Playwright has it
    paul.page.add_init_script(BY_SYSTEM)
    page = paul.goto("/check/")
    page.get_by_role("button", name="Ohne Kamera und Mikrofon").wait_for()
    fits(page)
    axe(page)
    page.get_by_role("button", name="Ohne Kamera und Mikrofon").click()
    page.get_by_role("button", name="Diesen Schritt überspringen").click()
    page.get_by_role("button", name="Ergebnis anzeigen").click()

    expect(page.get_by_role("heading", name="Etwas klappt noch nicht")).to_be_visible()
    fits(page)
    axe(page)

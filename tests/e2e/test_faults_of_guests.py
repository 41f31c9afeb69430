"""What a patient sees when something is wrong, and the way on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]

# A browser whose devices fail in one particular way.
FAILING = """
navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('for a test', '%s');
};
"""


# A line on which what was asked before arrives after what was done since.
OVERTAKEN = """
const ask = window.fetch;
window.fetch = async (address, options) => {
  const answer = await ask(address, options);
  if ((options?.method ?? 'GET') === 'GET')
    await new Promise((resolve) => setTimeout(resolve, 1500));
  return answer;
};
"""


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        ("NotAllowedError", "darf Kamera und Mikrofon nicht benutzen"),
        ("NotFoundError", "weder Kamera noch Mikrofon gefunden"),
        ("NotReadableError", "von einem anderen Programm benutzt"),
        ("UnknownError", "ließen sich nicht einschalten"),
    ],
)
def test_device_that_fails_is_explained_and_does_not_stop_anybody(
    server: Server, person: PersonMaker, failure: str, sentence: str
) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    paul = person("Paul", server, phone=True)
    paul.page.add_init_script(FAILING % failure)

    people.take_part(paul, link)
    paul.page.get_by_role("button", name="Weiter").click()

    expect(paul.page.locator("device-check [role=alert]")).to_contain_text(sentence)
    paul.page.get_by_role("button", name="Ohne Kamera und Mikrofon teilnehmen").click()
    people.hear_and_measure(paul)
    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()


def test_page_without_secure_context_says_so(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    paul = person("Paul", server, phone=True)
    paul.page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})"
    )

    people.take_part(paul, link)
    paul.page.get_by_role("button", name="Weiter").click()

    expect(paul.page.locator("device-check [role=alert]")).to_contain_text("sicheren Seite")


def test_newest_window_of_a_guest_wins_and_the_other_says_so(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    first, second = person("Phone", server, phone=True), person("Laptop", server)
    people.enter_waiting_room(first, link)

    second.goto(link).get_by_role("button", name="Teilnehmen").click()

    expect(second.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    replaced = first.page.get_by_role("heading", name="In einem anderen Fenster geöffnet")
    expect(replaced).to_be_visible()
    first.page.get_by_role("button", name="Hier weitermachen").click()
    expect(first.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    expect(second.page.get_by_role("button", name="Hier weitermachen")).to_be_visible()


def test_deleted_appointment_ends_the_waiting(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.enter_waiting_room(paul, link)
    people.sign_in(anna, account)

    anna.goto(f"/patients/{code}/deletion/")
    anna.page.locator("main").get_by_role("button", name="Termin löschen").click()

    gone = paul.page.get_by_role("heading", name="Dieser Link ist nicht mehr gültig")
    expect(gone).to_be_visible()
    paul.expects("status of 410")
    paul.goto(link)
    expect(paul.page.get_by_role("heading", level=1)).to_contain_text("nicht mehr")


def test_mistyped_link_gives_no_hint(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    paul = person("Paul", server, phone=True)
    paul.expects("status of 404")

    paul.goto(link[:-3] + "aaa")

    expect(paul.page.get_by_role("heading", level=1)).to_be_visible()
    expect(paul.page.locator("body")).not_to_contain_text("Patient Paul")
    expect(paul.page.locator("body")).not_to_contain_text("Praxis am Markt")


def test_waiting_survives_reload_and_restart(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    for someone in (anna, paul):
        someone.expects("ERR_CONNECTION_(REFUSED|RESET)|WebSocket|Failed to fetch|status of 50")
    people.sign_in(anna, account)
    anna.goto(f"/patients/{code}/")
    people.enter_waiting_room(paul, link)

    paul.page.reload()
    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    server.stop()
    expect(paul.page.locator("#offline")).to_be_visible()
    server.start()
    expect(paul.page.locator("#offline")).to_be_hidden(timeout=20_000)
    expect(anna.page.locator("#offline")).to_be_hidden(timeout=20_000)
    expect(anna.page.locator(".person .dot--online")).to_be_visible(timeout=10_000)


def test_guest_goes_on_after_somebody_signed_in_beside_them(
    server: Server, person: PersonMaker
) -> None:
    """A sign-in changes the browser's form token under the open page."""
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    paul = person("Paul", server)
    paul.expects("status of 403")
    people.take_part(paul, link)

    with paul.context.new_page() as tab:
        tab.goto(f"{paul.home}/accounts/login/")
        tab.locator("input[name=login]").fill(account.email)
        tab.locator("input[name=password]").fill(account.password)
        tab.locator("input[name=password]").press("Enter")
        tab.wait_for_url(f"{paul.home}/")
    people.confirm_name(paul)
    people.finish_check(paul)

    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()


def test_answer_that_comes_late_takes_nobody_a_step_back(
    server: Server, person: PersonMaker
) -> None:
    _code, link = people.patient_link(server, people.professional(server))
    paul = person("Paul", server, phone=True)
    paul.page.add_init_script(OVERTAKEN)
    people.take_part(paul, link)
    page = paul.page

    with page.expect_response(lambda answer: "/state/" in answer.url):
        page.evaluate("document.body.dispatchEvent(new Event('catch-up'))")
    page.get_by_role("button", name="Weiter").click()
    page.locator("[data-step=check]").wait_for()
    page.wait_for_timeout(3500)  # both answers have come by then

    expect(page.locator("[data-step=check]")).to_be_visible()
    expect(page.locator("[data-step=name]")).to_be_hidden()

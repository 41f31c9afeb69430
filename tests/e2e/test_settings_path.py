"""The way into the settings, and switches that every page knows of at once."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.people import enter_waiting_room, patient_link, professional, sign_in
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server


def test_language_is_chosen_from_the_menu_beside_the_name(
    server: Server, person: Callable[..., Person]
) -> None:
    anna = person("Anna", server)
    sign_in(anna, professional(server))
    page = anna.page
    page.get_by_role("button", name="Mein Konto").click()
    page.get_by_role("link", name="Einstellungen").click()
    expect(page.get_by_role("heading", name="Allgemein", level=1)).to_be_visible()
    page.locator(".setting").get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="General", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


COUNT_TONES = """() => {
    window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
        window.tones += 1;
        return start.apply(this, when);
    };
}"""
MUTE = "Eingehende Anrufe und Nachrichten stumm schalten"


def test_what_is_muted_is_seen_and_not_heard(server: Server, person: Callable[..., Person]) -> None:
    account = professional(server)
    links = [patient_link(server, account, name)[1] for name in ("Paul Patient", "Erna Ernst")]
    anna, paul, erna = (person(name, server) for name in ("Anna", "Paul", "Erna"))
    sign_in(anna, account)
    page = anna.goto("/settings/general/")
    page.evaluate(COUNT_TONES)
    page.get_by_role("switch", name=MUTE).click()
    expect(page.locator("#frame[data-muted]")).to_be_attached()

    enter_waiting_room(paul, links[0])
    expect(page.get_by_text("Paul Patient ist im Wartezimmer")).to_be_visible()
    page.wait_for_timeout(1500)
    assert page.evaluate("window.tones") == 0

    page.get_by_role("switch", name=MUTE).click()
    expect(page.locator("#frame:not([data-muted])")).to_be_attached()
    enter_waiting_room(erna, links[1])
    expect(page.get_by_text("Erna Ernst ist im Wartezimmer")).to_be_visible()
    page.wait_for_timeout(1500)  # it begins as soon as the browser has woken its loudspeaker
    assert page.evaluate("window.tones") > 0

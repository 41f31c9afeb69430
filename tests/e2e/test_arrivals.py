"""How professionals learn of arrivals, and guests who go away without a word and come back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.people import Account
from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server, running_server

PersonMaker = Callable[..., Person]

# Counts whatever could disturb: sounds, notifications, and the focus that moves.
WATCH = """
window.disturbances = [];
const note = (what) => window.disturbances.push(what);
const { play } = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.play = function () {
  if (this instanceof HTMLAudioElement) note('audio element');
  return play.call(this);
};
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (...at) {
  note('tone');
  return start.apply(this, at);
};
window.Notification = new Proxy(window.Notification, {
  construct(target, words) { note('notification'); return new target(...words); },
});
document.addEventListener('focusin', () => note('focus'));
"""


def arrivals(server: Server, account: Account, person: PersonMaker, *names: str) -> None:
    for name in names:
        _code, link = people.patient_link(server, account, name=name, email="")
        people.enter_waiting_room(person(name, server), link)


def heard(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.disturbances.splice(0)")
    return found


def test_arrival_is_seen_and_softly_heard_on_any_page(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    anna = person("Anna", server)
    anna.page.add_init_script(WATCH)
    people.sign_in(anna, account)
    page = anna.page
    page.locator("nav a[href='/patients/']:visible").click()
    page.wait_for_url("**/patients/")
    heard(page)

    arrivals(server, account, person, "Erika Erste", "Zoe Zweite")

    expect(page.locator("#waiting-count")).to_contain_text("2")
    for name in ("Erika Erste", "Zoe Zweite"):
        expect(page.locator(".toast").filter(has_text=f"{name} ist im Wartezimmer")).to_have_count(
            1
        )
    assert set(heard(page)) == {"tone"}


def test_three_arrivals_do_not_disturb_a_call(server: Server, person: PersonMaker) -> None:
    """A18: no sound, no notification, no toast, no focus, nobody else in the call."""
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server)
    anna.page.add_init_script(WATCH)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    expect(anna.page.locator(".toast")).to_have_count(1)
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    expect(anna.page.locator(".toast")).to_have_count(0, timeout=20_000)
    focused = anna.page.evaluate("document.activeElement.outerHTML")
    heard(anna.page)

    arrivals(server, account, person, "Erika Erste", "Zoe Zweite", "Dora Dritte")

    expect(anna.page.locator("#waiting-count")).to_contain_text("3")  # silently
    assert heard(anna.page) == []
    assert anna.page.evaluate("document.activeElement.outerHTML") == focused
    expect(anna.page.locator(".toast")).to_have_count(0)
    peers = "document.querySelector('call-stage').connections().length"
    assert anna.page.evaluate(peers) == 1
    anna.page.locator("[data-action=hang-up]:visible").click()
    anna.page.locator("[data-part=dismiss]").click()
    expect(anna.page.locator(".waiting")).to_have_count(3)
    expect(anna.page.locator(".toast")).to_have_count(0)


def test_doctor_who_comes_later_sees_who_waits_and_reads_what_was_written(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.enter_waiting_room(paul, link)
    paul.page.locator("visit-chat textarea").fill("Ich bin etwas früher da.")
    paul.page.locator("visit-chat textarea").press("Enter")
    own = paul.page.locator(".messages__line")
    expect(own).to_contain_text("noch nicht gesendet")
    expect(paul.page.locator("visit-chat [data-part=state]")).to_contain_text(
        "gerade nicht erreichbar"
    )

    people.sign_in(anna, account)

    expect(anna.page.locator(".waiting")).to_contain_text("1 neue Nachricht")
    expect(own).to_contain_text("zugestellt")
    expect(paul.page.locator("visit-chat [data-part=state]")).to_be_hidden()
    anna.page.locator(".waiting__name").click()
    expect(anna.page.locator(".messages__line")).to_contain_text("Ich bin etwas früher da.")
    assert anna.page.url.endswith(f"/patients/{code}/")


def test_closed_tab_is_away_and_the_reopened_one_waits_on(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")
    presence = anna.page.locator("#presence")
    expect(presence).to_contain_text("Online")

    paul.page.close()
    expect(presence).to_contain_text("Die Seite ist gerade nicht erreichbar", timeout=15_000)
    expect(presence).to_contain_text("Wartet seit")
    paul.page = paul.context.new_page()
    paul.goto(link).get_by_role("button", name="Teilnehmen").click()

    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    expect(presence).to_contain_text("Online")


@pytest.mark.timeout(180)
def test_locked_phone_is_away_and_comes_back_by_itself(
    all_mail: Mailbox, person: PersonMaker
) -> None:
    """Ten minutes and longer look like thirty seconds here: HC_SILENCE_SECONDS is shortened."""
    with running_server(HC_EMAIL_URL=all_mail.url, HC_SILENCE_SECONDS="30") as server:
        account = people.professional(server)
        code, link = people.patient_link(server, account)
        anna, paul = person("Anna", server), person("Paul", server, phone=True)
        for someone in (anna, paul):  # this server ends before their browsers do
            someone.expects("ERR_CONNECTION_(REFUSED|RESET)|WebSocket|Failed to fetch")
        people.sign_in(anna, account)
        people.enter_waiting_room(paul, link)
        anna.goto(f"/patients/{code}/")
        presence = anna.page.locator("#presence")
        expect(presence).to_contain_text("Online")
        phone = paul.context.new_cdp_session(paul.page)

        # Stops all of the page's work, as a locked phone does; this browser, which shows no
        # window, does not follow Page.setWebLifecycleState.
        phone.send("Debugger.enable")
        phone.send("Debugger.pause")
        expect(presence).to_contain_text("Die Seite ist gerade nicht erreichbar", timeout=45_000)
        anna.page.locator("visit-chat textarea").fill("Sind Sie noch da?")
        anna.page.locator("visit-chat textarea").press("Enter")
        expect(anna.page.locator(".messages__line")).to_contain_text("noch nicht gesendet")
        phone.send("Debugger.resume")

        expect(presence).to_contain_text("Online", timeout=20_000)
        expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
        expect(paul.page.locator(".messages__line")).to_contain_text("Sind Sie noch da?")
        expect(anna.page.locator(".messages__line")).to_contain_text("zugestellt")
        people.ring(anna, paul)

"""Finding, moving and protecting an appointment, as a doctor at the keyboard does it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox, text_of
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]


def names(page: Page) -> list[str]:
    return page.locator("#appointments .row__title").all_inner_texts()


def test_typing_finds_people_and_news_do_not_undo_it(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    for name in ("Jörg Müller", "Erika Sommer"):
        people.patient_link(server, account, name)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    page = anna.goto("/patients/")
    page.locator(".search[data-htmx-powered]").wait_for()

    page.locator("#id_search").focus()
    page.keyboard.type("mueller")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('visit-changed'))")
    expect(page.locator("#search-status")).to_have_text(re.compile("^1 "))
    page.evaluate("document.body.dispatchEvent(new CustomEvent('visit-changed'))")
    page.wait_for_timeout(800)

    assert names(page) == ["Jörg Müller"]
    assert page.evaluate("document.activeElement.id") == "id_search"
    page.locator("#id_search").fill("zzz")
    expect(page.locator("#appointments .empty")).to_be_visible()
    page.locator("#id_search").fill("")
    expect(page.locator("#appointments .row")).to_have_count(2)


def test_enter_searches_and_the_filters_keep_it(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    for name in ("Jörg Müller", "Erika Sommer"):
        people.patient_link(server, account, name)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    page = anna.goto("/patients/")
    page.locator(".search[data-htmx-powered]").wait_for()

    page.locator("#id_search").fill("sommer")
    page.keyboard.press("Enter")
    expect(page.locator("#appointments .row")).to_have_count(1)
    page.locator(".filters__item").nth(2).click()
    page.wait_for_url("**/patients/?filter=upcoming&search=sommer")

    expect(page.locator("#id_search")).to_have_value("sommer")
    assert names(page) == ["Erika Sommer"]


def test_new_link_shows_the_old_page_out(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    paul.expects("status of 410")
    people.sign_in(anna, account)
    people.take_part(paul, link)
    people.confirm_name(paul)
    people.finish_check(paul)

    page = anna.goto(f"/patients/{code}/")
    page.locator("[data-dialog=link-replacement]").click()
    page.locator("dialog[open] [type=submit]").click()
    expect(page.locator("#toasts")).to_contain_text("Link")

    expect(
        paul.page.get_by_role("heading", name="Dieser Link ist nicht mehr gültig")
    ).to_be_visible()
    page.reload()
    fresh = page.locator("[data-copy]").first.get_attribute("data-copy") or ""
    assert fresh != link
    paul.goto(fresh)
    expect(paul.page.locator(".button--primary:visible")).to_be_enabled()


def test_moving_keeps_what_is_wrong_and_says_what(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, _link = people.patient_link(server, account)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    page = anna.goto(f"/patients/{code}/")

    page.get_by_role("link", name="Bearbeiten").click()
    page.wait_for_url("**/edit/")
    minutes = page.locator("#id_duration_minutes")
    minutes.fill("1000")
    minutes.press("Enter")
    error = page.locator("#id_duration_minutes_error")
    expect(error).to_have_text("Bitte geben Sie höchstens 480 Minuten (8 Stunden) an.")
    minutes.fill("45")
    expect(error).to_be_hidden()
    minutes.press("Enter")

    page.wait_for_url(f"**/patients/{code}/")
    expect(page.locator("#toasts")).to_contain_text("Die Änderungen sind gespeichert.")
    expect(page.locator(".facts")).to_contain_text("45 Minuten")
    expect(page.locator(".history")).to_contain_text("Termin geändert (Dauer)")


def test_number_is_asked_for_with_the_tick_and_checked_in_place(
    demo: Server, person: PersonMaker
) -> None:
    """The fields for SMS of "Termin bearbeiten", and the tick for reminders."""
    account = people.professional(demo)
    code, _link = people.patient_link(demo, account)
    anna = person("Anna", demo)
    anna.expects("status of 422")
    people.sign_in(anna, account)
    page = anna.goto(f"/patients/{code}/edit/")
    mobile, error = page.locator("#id_mobile"), page.locator("#id_mobile_error")

    expect(mobile).to_be_hidden()
    page.locator("#id_by_sms").check()
    expect(mobile).to_be_visible()
    page.get_by_role("button", name="Änderungen speichern").click()
    expect(error).to_have_text("Bitte geben Sie die Mobilnummer für die Einladung ein.")
    mobile.fill("030 1234567")
    mobile.press("Enter")
    page.wait_for_load_state()
    expect(error).to_have_text(re.compile("keine Mobilnummer"))
    expect(mobile).to_have_value("030 1234567")
    mobile.fill("0151 23456789")
    page.locator("#id_reminders").uncheck()
    mobile.press("Enter")

    page.wait_for_url(f"**/patients/{code}/")
    expect(page.locator(".facts")).to_contain_text("+49 1512 3456789")
    expect(page.locator(".facts")).to_contain_text("Keine")
    expect(page.locator(".history")).to_contain_text("Einladung per SMS zugestellt")
    page.get_by_role("link", name="Bearbeiten").click()
    page.wait_for_url("**/edit/")
    page.locator("#id_by_sms").uncheck()
    expect(mobile).to_be_hidden()
    page.get_by_role("button", name="Änderungen speichern").click()
    page.wait_for_url(f"**/patients/{code}/")
    expect(page.locator(".facts")).not_to_contain_text("+49 1512 3456789")


def test_known_person_is_picked_by_keyboard(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    people.patient_link(server, account, "Jörg Müller")
    anna = person("Anna", server)
    people.sign_in(anna, account)
    page = anna.goto("/patients/new/")
    page.locator(".search[data-htmx-powered]").wait_for()

    page.locator("#id_search").focus()
    page.keyboard.type("muel")
    expect(page.locator("#people .row__title")).to_have_text("Jörg Müller")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/patients/new/?person=*")
    expect(page.locator("#id_last_name")).to_have_value("Müller")
    expect(page.locator("#id_email")).to_have_value("paul@example.net")


def test_lost_link_comes_by_mail(server: Server, person: PersonMaker, mailbox: Mailbox) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account, email="lost@example.net")
    paul = person("Paul", server, phone=True)
    paul.expects("status of 404")
    page = paul.goto("/g/abcdefghijkl-abcdefghij")

    page.get_by_role("link", name="Link noch einmal zusenden lassen").click()
    page.locator("#id_email").fill("lost@example.net")
    page.keyboard.press("Enter")

    page.wait_for_url("**/lost-link/sent/")
    assert link in text_of(mailbox.wait_for("lost@example.net"))

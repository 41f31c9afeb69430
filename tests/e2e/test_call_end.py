"""After a call: how it was on both sides, one tap about it, the next patient one click away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]
MODE = re.compile("/mode/$")  # what a page measured has reached the server
# No advertising during or after a consultation (A21): nothing that somebody else could fill.
FOREIGN = """
() => [...document.querySelectorAll('img, iframe, embed, object, a[href], [style*=url]')]
  .filter((it) => it.tagName !== 'A' || new URL(it.href).origin !== location.origin)
  .map((it) => it.outerHTML)
"""
LENGTH = re.compile(r"^\d\d:\d\d$")


def ratings(server: Server) -> str:
    printed = server.run(
        "from healthcompanion.calls.models import RatingCount as R;"
        "print(sorted(R.objects.values_list('audience', 'score', 'count')))"
    )
    return printed.splitlines()[-1]


def expect_summary(page: Page) -> None:
    """How long it took, and that nobody in between could listen."""
    card = page.locator(".call-end:visible")
    expect(card.locator("[data-part=summary-length]")).to_have_text(LENGTH)
    expect(card.locator("[data-part=summary-mode-text]")).to_have_text(
        "direkt, Ende-zu-Ende-verschlüsselt"
    )


@pytest.mark.parametrize("who", ["doctor", "patient"])
def test_both_sides_see_how_it_was_and_the_next_one_is_a_click_away(
    server: Server, person: PersonMaker, who: str
) -> None:
    server.run(
        "from healthcompanion.calls.models import RatingCount as R; R.objects.all().delete()"
    )
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    _, next_link = people.patient_link(server, account, "Erika Sommer")
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    erika = person("Erika", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    people.enter_waiting_room(erika, next_link)
    anna.goto(f"/patients/{code}/")
    people.call(anna, paul)
    with anna.page.expect_response(MODE), paul.page.expect_response(MODE):
        wait_for_picture(anna.page, paul.page)

    leaver = anna if who == "doctor" else paul
    leaver.page.locator("[data-action=hang-up]:visible").click()

    expect(paul.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    for someone in (anna, paul):
        expect_summary(someone.page)
        assert someone.page.evaluate(FOREIGN) == []
        axe(someone.page)
    anna.page.get_by_role("button", name="Gut").click()
    paul.page.get_by_role("button", name="Mittel").click()
    for someone in (anna, paul):
        expect(someone.page.locator("[data-part=rating-said]:visible")).to_have_text(
            "Vielen Dank für Ihre Antwort."
        )
    assert ratings(server) == "[('guest', 2, 1), ('professional', 3, 1)]"

    paul.page.reload()
    expect_summary(paul.page)
    expect(paul.page.locator("[data-part=rating]")).to_be_hidden()

    following = anna.page.locator("[data-part=next]")
    expect(following).to_contain_text("Erika Sommer")
    following.get_by_role("button", name="Anruf starten").click()
    expect(erika.page.get_by_role("button", name="Annehmen")).to_be_visible()
    expect(anna.page.locator("call-stage[data-state=outgoing]")).to_contain_text("Erika Sommer")
    expect(anna.page.locator(".call-end")).to_be_hidden()


def test_way_back_leads_to_the_appointment_and_missing_words_to_the_waiting_room(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto("/")
    expect(anna.page.locator("[data-call-start]:visible")).to_have_count(1)
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    anna.page.locator("[data-action=hang-up]:visible").click()
    expect(anna.page.locator("[data-part=nobody]")).to_be_visible()

    paul.page.get_by_role("button", name="Zurück ins Wartezimmer").click()
    expect(anna.page.locator("[data-part=next]")).to_contain_text("Paul Patient")
    anna.page.get_by_role("link", name="Zum Termin").click()

    anna.page.wait_for_url(f"**/patients/{code}/")
    expect(anna.page.locator("call-stage")).to_be_hidden()
    expect(anna.page.locator(".history")).to_contain_text("beendet")


def test_call_that_ends_while_it_is_small_says_so_at_the_corner(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    _, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto("/")
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    anna.page.locator("[data-part=minimise]").click()
    anna.page.locator("#nav-patients").click()

    paul.page.locator("[data-action=hang-up]:visible").click()

    corner = anna.page.locator("call-stage[data-state=ended]")
    expect(corner.locator("[data-part=length-value]")).to_have_text(LENGTH)
    expect(corner.locator(".call-end")).to_be_hidden()
    expect(anna.page.get_by_role("heading", name="Patienten", level=1)).to_be_visible()
    corner.get_by_role("button", name="Schließen").click()
    expect(anna.page.locator("call-stage")).to_be_hidden()

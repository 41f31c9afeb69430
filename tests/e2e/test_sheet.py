"""The invitation on paper, as the printer gets it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]


def test_sheet_is_printed_without_its_surroundings(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    anna.page.add_init_script("window.print = () => { document.title = 'printed' }")

    anna.goto(f"/patients/{code}/").get_by_role("link", name="Einladung drucken").click()
    anna.page.wait_for_url("**/sheet/")
    axe(anna.page)
    anna.page.get_by_role("button", name="Drucken").click()

    expect(anna.page).to_have_title("printed")
    anna.page.emulate_media(media="print")
    expect(anna.page.locator(".paper")).to_contain_text(link)
    for part in (".frame", ".page-head", "#dock"):
        expect(anna.page.locator(part)).to_be_hidden()

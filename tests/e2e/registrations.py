"""Registration in a browser, from the empty form to the first sign-in."""

import re

from playwright.sync_api import Page, expect

from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox, link_in

PASSWORD = "Rosenweg-17-Tal"


def register(
    person: Person,
    mailbox: Mailbox,
    email: str,
    name: str,
    *,
    practice: str = "",
    organisation: str = "",
    join_id: str = "",
) -> None:
    """Fill the steps, follow the mail, confirm, sign in.

    With `organisation` as its administrator, with `join_id` as a member, otherwise alone.
    """
    page = person.goto("/accounts/signup/")
    if organisation or join_id:
        page.get_by_role("radio", name="Mitglied" if join_id else "Administrator").check()
        page.locator("#id_join_id:visible, #id_organisation_name:visible").fill(
            join_id or organisation
        )
    go_on(page)
    first_name, last_name = name.split(" ", 1)
    page.get_by_label("Vorname").fill(first_name)
    page.get_by_label("Nachname").fill(last_name)
    page.get_by_label("E-Mail").fill(email)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    go_on(page)
    if practice:
        page.locator("#id_practice_name").fill(practice)
    page.locator("#id_street").fill("Rosenweg 17")
    page.locator("#id_postal_code").fill("10115")
    page.locator("#id_city").fill("Berlin")
    go_on(page)
    for shown in (practice, organisation, join_id):
        expect(page.locator(".review")).to_contain_text(shown)
    page.locator("#id_terms").check()
    page.locator("#id_privacy").check()
    page.locator("step-form button[type=submit]:visible").click()
    expect(page).to_have_url(re.compile("/accounts/confirm-email/$"))
    confirm(person, mailbox, email)


def confirm(person: Person, mailbox: Mailbox, email: str) -> None:
    """Press the button behind the mail's link, and sign in."""
    page = person.goto(link_in(mailbox.wait_for(email), person.home))
    page.get_by_role("button", name="Ja, bestätigen").click()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(f"{person.home}/")


def go_on(page: Page) -> None:
    page.locator("[data-step-next]:visible").click()

"""An organisation begins: its administrator registers, then a member by the Organisations-ID."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.registrations import register
from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox, text_of
from tests.infrastructure.server import Server

CHIEF, NURSE = "petra.leitung@klinikum.example", "jan.pflege@klinikum.example"
GIVE_LICENCE = f"""
from healthcompanion.accounts.models import User
from healthcompanion.organisations import licences
chief, nurse = (User.objects.get(email=email) for email in ({CHIEF!r}, {NURSE!r}))
licences.activate(nurse.membership, actor=chief)
"""


def test_a_member_registers_with_the_id_that_the_administrator_reads(
    server: Server, mailbox: Mailbox, person: Callable[..., Person]
) -> None:
    petra, jan = person("Petra", server), person("Jan", server, phone=True)
    register(petra, mailbox, CHIEF, "Petra Leitung", organisation="Klinikum Nord")
    join_id = petra.page.locator(".join-id__code").inner_text()
    assert join_id in text_of(mailbox.wait_for(CHIEF, count=2))

    register(jan, mailbox, NURSE, "Jan Pflege", join_id=join_id.lower())
    expect(jan.page.get_by_role("heading", level=1)).to_have_text(
        "Ihr Konto wartet auf Freischaltung"
    )
    expect(jan.page.locator("#nav-patients")).to_have_count(0)
    assert "Jan Pflege" in text_of(mailbox.wait_for(CHIEF, count=3))

    server.run(GIVE_LICENCE)
    jan.page.reload()
    expect(jan.page.locator("#nav-patients")).to_be_visible()
    petra.page.reload()
    expect(petra.page.locator(".join-id__code")).to_have_count(0)

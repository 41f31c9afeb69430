"""The operator's staff at work, and what the people concerned see of it."""

import io
import re
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.accounts.second_factors import code
from tests.e2e import people
from tests.e2e.houses import house
from tests.infrastructure.browser import Person
from tests.infrastructure.figures import Figures
from tests.infrastructure.mail import Mailbox, link_in, text_of
from tests.infrastructure.server import Server, running_server

PersonMaker = Callable[..., Person]
SECRET = re.compile(r"(?:[A-Z2-7]{4} ){3,}[A-Z2-7]{1,4}")


@pytest.fixture(scope="module")
def checking(all_mail: Mailbox) -> Iterator[Server]:
    """A service whose operator looks at everybody's proof, as is standard."""
    with running_server(
        HC_EMAIL_URL=all_mail.url, HC_REQUIRE_VERIFIED_PROFESSIONALS="1"
    ) as started:
        yield started
        assert started.trouble() == ""


@pytest.fixture
def office(checking: Server, person: PersonMaker) -> Page:
    """The back office, entered by a new member of staff by way of a second factor."""
    account = people.staff(checking)
    nora = person("Nora", checking)
    page = nora.goto("/accounts/login/")
    page.locator("input[name=login]").fill(account.email)
    page.locator("input[name=password]").fill(account.password)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(re.compile("second-factor"))

    nora.goto("/backoffice/")
    expect(page).to_have_url(re.compile("second-factor"))  # no way around
    nora.goto("/settings/security/app/")
    found = SECRET.search(page.locator("main").inner_text())
    assert found
    page.locator("[name=code]").fill(code(found[0].replace(" ", "")))
    page.locator("[name=code]").press("Enter")
    page.wait_for_load_state()
    nora.goto("/backoffice/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def decide(page: Page, label: str) -> None:
    """Press the link, and on the page that asks once more the button of the same name."""
    page.get_by_role("link", name=label).click()
    page.get_by_role("button", name=label).click()


def test_a_suspended_organisation_is_signed_out_within_two_seconds_and_comes_back(
    checking: Server, office: Page, person: PersonMaker, figures: Figures
) -> None:
    home = house(checking)
    anna = person("Anna", checking)
    people.sign_in(anna, home.anna)
    anna.goto("/settings/general/")
    office.goto(f"{checking.url}/backoffice/organisations/?q=Klinikum")
    office.get_by_role("link", name="Klinikum am See").first.click()
    office.get_by_role("link", name="Organisation sperren").click()
    office.locator("[name=reason]").select_option(index=1)
    anna.page.wait_for_timeout(max(0, 5100 - anna.page.evaluate("performance.now()")))

    office.get_by_role("button", name="Organisation sperren").click()
    before = time.monotonic()
    expect(anna.page.locator("input[name=password]")).to_be_visible(timeout=4000)
    seconds = time.monotonic() - before
    figures("A14", f"a member's page is signed out {seconds:.1f} s after the house was suspended")
    assert seconds < 2

    people.sign_in(anna, home.anna)
    expect(anna.page.get_by_role("main")).to_contain_text("gesperrt")
    decide(office, "Sperre aufheben")
    expect(office.get_by_role("link", name="Organisation sperren")).to_be_visible()
    anna.goto("/patients/")
    expect(anna.page.get_by_role("heading", level=1)).to_have_text("Patienten")


def test_who_has_shown_a_proof_invites_patients(
    checking: Server, office: Page, mailbox: Mailbox, person: PersonMaker
) -> None:
    account = people.professional(checking, "Ella", "Neu")
    ella = person("Ella", checking, phone=True)
    people.sign_in(ella, account)
    page = ella.goto("/patients/new/")
    expect(page.locator("#id_first_name")).to_have_count(0)
    page.get_by_role("link", name="Nachweis einreichen").click()
    buffer = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(buffer, "PNG")
    document = {"name": "Urkunde.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    page.locator("#id_file").set_input_files(document)  # type: ignore[arg-type]  # a FilePayload
    page.get_by_role("button", name="Nachweis senden").click()
    expect(page.get_by_role("main")).to_contain_text("in Prüfung")

    office.goto(f"{checking.url}/backoffice/proofs/")
    office.get_by_role("link", name="Ella Neu").click()
    with office.expect_download() as download:
        office.get_by_role("link", name="Nachweis herunterladen").click()
    with Image.open(download.value.path()) as picture:
        assert picture.size == (600, 800)
    decide(office, "Nachweis annehmen")

    assert "geprüft" in text_of(mailbox.wait_for(account.email))
    page.goto(f"{checking.url}/patients/new/")
    expect(page.locator("#id_first_name")).to_be_visible()


def test_a_new_address_counts_when_it_was_granted_and_confirmed(
    checking: Server, office: Page, mailbox: Mailbox, person: PersonMaker
) -> None:
    account = people.professional(checking, "Mia", "Alt")
    new = account.email.replace("praxis", "neue-praxis")
    mia = person("Mia", checking)
    people.sign_in(mia, account)
    page = mia.goto("/settings/profile/")
    page.get_by_role("link", name="Änderung beantragen").click()
    page.locator("#id_last_name").fill("Neu-Alt")
    page.locator("#id_email").fill(new)
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.get_by_role("main")).to_contain_text("Mia Neu-Alt")

    office.goto(f"{checking.url}/backoffice/changes/")
    office.get_by_role("link", name="Mia Alt").click()
    decide(office, "Änderung genehmigen")

    link = link_in(mailbox.wait_for(new), f"{checking.url}/")
    page.goto(link)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("main")).to_contain_text(new)
    page.goto(f"{checking.url}/settings/profile/")
    expect(page.get_by_role("main")).to_contain_text(new)
    expect(page.get_by_role("main")).to_contain_text("Mia Neu-Alt")
    fresh = person("Mia's telephone", checking, phone=True)
    people.sign_in(fresh, people.Account(new))

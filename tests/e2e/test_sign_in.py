"""Passkeys, the authenticator app and devices signed out from afar, in real browsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.second_factors import code
from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server, running_server

PersonMaker = Callable[..., Person]
SECURITY = "/settings/security/"
ADD = "Passkey hinzufügen"


class Authenticator:
    """A device with a fingerprint reader, made by the browser (WebAuthn, section 11)."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        added: dict[str, Any] = self.session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        self.id = added["authenticatorId"]

    def knows_its_person(self, verified: bool) -> None:
        self.session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified}
        )

    def credentials(self) -> list[dict[str, Any]]:
        found: dict[str, Any] = self.session.send(
            "WebAuthn.getCredentials", {"authenticatorId": self.id}
        )
        return list(found["credentials"])


def add_passkey(person: Person, name: str = "Mein Laptop") -> None:
    page = person.goto(f"{SECURITY}passkeys/new/")
    page.locator("input[name=name]").fill(name)
    page.get_by_role("button", name=ADD).click()
    expect(page).to_have_url(f"{person.home}{SECURITY}codes/")


def enter(person: Person, account: people.Account) -> Page:
    """The password's page, and on to whatever follows."""
    page = person.goto("/accounts/login/")
    page.locator("input[name=login]").fill(account.email)
    page.locator("input[name=password]").fill(account.password)
    page.locator("input[name=password]").press("Enter")
    return page


def send_code(page: Page, text: str) -> None:
    page.locator("input[name=code]").fill(text)
    page.locator("input[name=code]").press("Enter")


def sign_out(person: Person) -> None:
    person.page.locator("#me").click()
    person.page.get_by_role("button", name="Abmelden").click()
    expect(person.page.locator("[data-socket]")).to_have_count(0)


@pytest.fixture
def anna(server: Server, person: PersonMaker) -> Person:
    """Signed in, with a device that knows her finger."""
    someone = person("Anna", server)
    people.sign_in(someone, people.professional(server))
    return someone


def test_passkey_is_added_and_signs_in_without_a_password(anna: Person) -> None:
    device = Authenticator(anna.page)

    add_passkey(anna)
    expect(anna.page.locator(".codes li")).to_have_count(10)
    axe(anna.page)
    anna.goto(SECURITY)
    expect(anna.page.get_by_text("Mein Laptop")).to_be_visible()
    axe(anna.page)
    sign_out(anna)
    anna.goto("/accounts/login/")
    anna.page.get_by_role("button", name="Mit Passkey anmelden").click()

    expect(anna.page).to_have_url(f"{anna.home}/")
    expect(anna.page.get_by_role("heading", level=1)).to_contain_text("Anna")
    (credential,) = device.credentials()
    assert (credential["isResidentCredential"], credential["rpId"]) == (True, "localhost")


def test_passkey_is_the_second_factor_after_the_password(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    Authenticator(anna.page)
    add_passkey(anna)
    sign_out(anna)

    page = enter(anna, account)
    expect(page).to_have_url(f"{anna.home}/accounts/second-factor/")
    axe(page)
    page.get_by_role("button", name="Passkey benutzen").click()

    expect(page).to_have_url(f"{anna.home}/")


def test_device_that_does_not_know_its_person_is_refused_in_words(anna: Person) -> None:
    device = Authenticator(anna.page)
    add_passkey(anna)
    sign_out(anna)
    device.knows_its_person(False)

    anna.goto("/accounts/login/")
    anna.page.get_by_role("button", name="Mit Passkey anmelden").click()

    alert = anna.page.locator("[data-passkey-error]")
    expect(alert).to_be_visible()
    expect(alert).to_contain_text("abgebrochen")
    assert anna.goto("/patients/").url.startswith(f"{anna.home}/accounts/login/")


def test_same_device_is_not_added_twice(anna: Person) -> None:
    device = Authenticator(anna.page)
    add_passkey(anna)

    page = anna.goto(f"{SECURITY}passkeys/new/")
    page.get_by_role("button", name=ADD).click()

    expect(page.locator("[data-passkey-error]")).to_contain_text("schon einen Passkey")
    assert len(device.credentials()) == 1


def test_removed_passkey_lets_nobody_in(anna: Person) -> None:
    Authenticator(anna.page)
    add_passkey(anna)
    page = anna.goto(SECURITY)
    page.get_by_role("link", name="Entfernen").click()
    page.get_by_role("button", name="Entfernen").click()
    expect(page.get_by_text("Nicht eingerichtet")).to_be_visible()
    sign_out(anna)

    anna.goto("/accounts/login/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()

    expect(page.get_by_text("Der Code stimmt nicht.")).to_be_visible()
    assert anna.goto("/patients/").url.startswith(f"{anna.home}/accounts/login/")


def test_app_is_set_up_and_a_recovery_code_replaces_it_once(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    page = anna.goto(SECURITY)
    page.get_by_role("link", name="Einrichten").click()
    expect(page.locator(".pairing__code")).to_have_js_property("complete", True)
    assert page.locator(".pairing__code").evaluate("it => it.naturalWidth") > 0
    secret = page.locator("#app-key").inner_text().replace(" ", "")
    page.locator("input[name=code]").fill(code(secret))
    page.get_by_role("button", name="Einschalten").click()
    expect(page.locator(".codes li")).to_have_count(10)
    spare = page.locator(".codes li").first.inner_text()
    sign_out(anna)

    enter(anna, account)
    send_code(page, spare)
    expect(page).to_have_url(f"{anna.home}/")
    sign_out(anna)
    enter(anna, account)
    send_code(page, spare)

    expect(page.locator(".field__error")).to_contain_text("Der Code stimmt nicht.")


def test_signing_out_from_afar_takes_the_other_browser_to_the_sign_in_page(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    here, there = person("Anna", server), person("Anna elsewhere", server, phone=True)
    people.sign_in(there, account)
    people.sign_in(here, account)
    there.goto("/patients/")
    there.page.wait_for_timeout(5_500)  # a page reloads when it has settled, see app.ts

    page = here.goto(SECURITY)
    expect(page.locator("[data-sign-in]")).to_have_count(2)
    page.locator("[data-sign-in] button").click()

    expect(page.locator("[data-sign-in]")).to_have_count(1)
    expect(there.page.get_by_role("button", name="Anmelden", exact=True)).to_be_visible(
        timeout=4_000
    )


@pytest.fixture(scope="module")
def strict(all_mail: Any) -> Iterator[Server]:
    """An installation that asks everybody for a second factor."""
    with running_server(HC_EMAIL_URL=all_mail.url, HC_REQUIRE_SECOND_FACTOR="1") as started:
        yield started


def test_second_factor_that_is_asked_for_comes_before_everything_else(
    strict: Server, person: PersonMaker
) -> None:
    account = people.professional(strict)
    anna = person("Anna", strict, phone=True)
    Authenticator(anna.page)
    page = enter(anna, account)
    expect(page).to_have_url(f"{anna.home}{SECURITY}second-factor/")
    axe(page)

    page.get_by_role("link", name=ADD).click()
    axe(page)
    page.get_by_role("button", name=ADD).click()
    page.get_by_role("link", name="Ich habe sie aufbewahrt").click()
    expect(page.locator("[data-sign-in]")).to_have_count(1)
    anna.goto("/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Anna")

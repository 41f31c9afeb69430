"""`make run HOST=0.0.0.0`: a phone in the same network is the patient, over https."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Browser, Playwright, expect

from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person, launched, new_person
from tests.infrastructure.media import assert_media_flows, wait_for_picture
from tests.infrastructure.server import Server, running_network_demo


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_network_demo() as started:
        yield started
        assert not started.trouble()


def printed(server: Server, name: str) -> str:
    """What the terminal says behind `name`."""
    found = re.search(rf"^  {re.escape(name)} +(\S+)", server.log.read_text(), re.MULTILINE)
    assert found, server.log.read_text()
    return found[1]


@pytest.fixture(scope="module")
def certificate(server: Server) -> x509.Certificate:
    return x509.load_pem_x509_certificate((server.folder / "lan/authority.pem").read_bytes())


@pytest.fixture(scope="module")
def trusting(
    playwright: Playwright, certificate: x509.Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose owner has installed the certificate."""
    home = tmp_path_factory.mktemp("home")
    file, store = home / "authority.pem", home / ".pki/nssdb"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    store.mkdir(parents=True)
    tool = ["certutil", "-d", f"sql:{store}"]
    subprocess.run([*tool, "-N", "--empty-password"], check=True, timeout=20)
    trust = [*tool, "-A", "-t", "C,,", "-n", "demo", "-i", str(file)]
    subprocess.run(trust, check=True, timeout=20)
    with launched(playwright, home=home) as browser:
        yield browser


def person(browser: Browser, home: str, name: str, *, phone: bool) -> Person:
    someone = new_person(browser, home, name, phone=phone)
    someone.expects("Cross-Origin-Opener-Policy header has been ignored")  # plain http
    return someone


def test_phone_installs_the_certificate_and_is_called(
    server: Server, trusting: Browser, certificate: x509.Certificate
) -> None:
    base = printed(server, "HealthCompanion")
    account = people.Account(printed(server, "Sign in"), printed(server, "Password"))
    paul = person(trusting, base, "Paul", phone=True)
    anna = person(trusting, printed(server, "On this computer"), "Anna", phone=False)

    door = printed(server, "On a phone")
    paul.expects(f"request to another host, {re.escape(door)}/")  # before it knows the other

    page = paul.goto(door)
    with page.expect_download() as download:
        page.get_by_role("link", name="Zertifikat laden").click()
    page.get_by_role("link", name="Einladung öffnen").click()
    page.wait_for_url(f"{base}/g/*")
    assert page.evaluate("isSecureContext")
    page.locator("form .button--primary").click()
    people.confirm_name(paul)
    people.finish_check(paul)
    people.sign_in(anna, account)
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    assert_media_flows(anna.page, paul.page)

    assert Path(download.value.path()).read_bytes() == certificate.public_bytes(Encoding.DER)
    cookies = {row.get("name"): row.get("secure") for row in paul.context.cookies(base)}
    assert any("hc_guest_" in str(name) for name in cookies)
    assert set(cookies.values()) == {True}
    assert anna.page.url.startswith("http://localhost:")
    assert paul.unexpected() == anna.unexpected() == []
    for someone in (anna, paul):
        someone.context.close()


def test_mails_and_links_name_the_address_in_the_network(server: Server, trusting: Browser) -> None:
    base = printed(server, "HealthCompanion")
    anna = person(trusting, printed(server, "On this computer"), "Anna", phone=False)

    page = anna.goto("/outbox/")
    page.locator("#main a[href^='/outbox/']").first.click()
    page.locator("a[href='?view=text']").click()

    expect(page.locator(".mail__text")).to_contain_text(f"{base}/g/")
    assert printed(server, "A patient's link").startswith(f"{base}/g/")
    anna.context.close()


def test_browser_that_does_not_trust_refuses(server: Server, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()

    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(printed(server, "HealthCompanion"))

    context.close()


def test_plain_page_leads_nowhere_else(server: Server, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    door = printed(server, "On a phone")

    page.goto(f"{door}/accounts/login/")

    assert page.url == f"{door}/phone/"
    axe(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Take part with this phone")
    page.get_by_role("link", name="DE", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mit diesem Telefon teilnehmen")
    context.close()

"""The tools of these tests work: network, browser, service and mail."""

import os
import subprocess
from collections.abc import Callable

import pytest

from tests.infrastructure.browser import Person
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]


@pytest.mark.skipif(not os.environ.get("HC_OWN_NETWORK"), reason="needs root")
def test_network_is_our_own() -> None:
    addresses = subprocess.check_output(["ip", "-brief", "address"], text=True)  # noqa: S607 -- from iproute2

    assert "10.77.0.1/24" in addresses
    assert len(addresses.splitlines()) == 3


def test_service_answers_in_german(server: Server, person: PersonMaker) -> None:
    anna = person("Anna", server)

    anna.goto("/imprint/")

    assert anna.page.locator("html").get_attribute("lang") == "de"


def test_foreign_request_is_noticed(server: Server, person: PersonMaker) -> None:
    anna = person("Anna", server)
    anna.goto("/imprint/")

    anna.page.evaluate("new Image().src = 'http://127.0.0.2:9/pixel.png'; 0")
    anna.page.wait_for_timeout(300)

    assert any("another host" in line for line in anna.troubles)
    anna.expects(".*")


def test_mail_arrives(server: Server, mailbox: Mailbox) -> None:
    server.manage("sendtestemail", "paul@example.net")

    assert "Test email" in mailbox.wait_for("paul@example.net")["Subject"]

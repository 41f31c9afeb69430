"""The way that the check finds, with a real relay: direct, relayed, none."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.coturn import Relay, relay
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.server import Server, running_server

PersonMaker = Callable[..., Person]
# As if every direct path were blocked: the browser may use relayed candidates alone.
RELAY_ONLY = """
const Direct = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Direct {
  constructor(configuration) { super({...configuration, iceTransportPolicy: 'relay'}) }
};
"""
WITHOUT_CONNECTIONS = "window.RTCPeerConnection = undefined;"


@pytest.fixture(scope="module")
def turn() -> Iterator[Relay]:
    with relay() as running:
        yield running


def finding(server: Server, person: PersonMaker, script: str = "") -> tuple[Person, str]:
    """Who has come to the end of the check, and what is stored of their connection."""
    code, link = people.patient_link(server, people.professional(server))
    paul = person("Paul", server, phone=True)
    paul.page.add_init_script(script)
    page = paul.goto(f"{link}/check/")
    page.get_by_role("button", name="Prüfung starten").click()
    page.locator("[data-panel=picture] [data-action=next]:visible").click()
    page.get_by_role("button", name="Diesen Schritt überspringen").click()
    page.locator("[data-panel=connection]:is([data-state=done], [data-state=poor])").wait_for()
    page.get_by_role("button", name="Ergebnis anzeigen").click()
    expect(page.get_by_text("sieht dieses Ergebnis")).to_be_visible()
    stored = server.run(f"""
from healthcompanion.guests.models import DeviceCheck
print(DeviceCheck.objects.get(guest__appointment__code={code!r}).path)
""")
    return paul, stored


@pytest.mark.parametrize(
    ("script", "transport", "expected"),
    [
        ("", "udp", "direct"),
        ("", "tcp", "relayed"),
        (RELAY_ONLY, "udp", "relayed"),
        (WITHOUT_CONNECTIONS, "udp", "none"),
    ],
)
def test_way_is_found_with_the_guests_own_relay(
    turn: Relay, all_mail: Mailbox, person: PersonMaker, script: str, transport: str, expected: str
) -> None:
    with running_server(
        HC_EMAIL_URL=all_mail.url, HC_TURN_URLS=turn.url(transport), HC_TURN_SECRET=turn.secret
    ) as server:
        paul, found = finding(server, person, script)

        assert found == expected
        assert not server.trouble()
        paul.context.close()


def test_relay_that_cannot_be_used_means_no_way(
    turn: Relay, all_mail: Mailbox, person: PersonMaker
) -> None:
    with running_server(
        HC_EMAIL_URL=all_mail.url, HC_TURN_URLS=turn.url("udp"), HC_TURN_SECRET="wrong"
    ) as server:
        paul, found = finding(server, person)

        assert found == "none"
        heading = paul.page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Etwas klappt noch nicht")
        paul.context.close()

"""What people can know about their connection: its way, the code that they compare, the alarm."""

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.eavesdropper import Eavesdropper
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]
CODE = re.compile(r"^\d{4} \d{4}$")


@pytest.fixture
def pair(server: Server, person: PersonMaker) -> tuple[Person, Person, str]:
    """Anna, signed in; Paul in her waiting room; the address of his appointment's page."""
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    return anna, paul, f"/patients/{code}/"


def open_panel(page: Page) -> None:
    if page.locator("[data-panel=privacy]").is_hidden():
        page.locator("[data-part=route]").click()
    expect(page.locator("[data-panel=privacy] h2")).to_be_focused()


def shown_code(page: Page) -> str:
    expect(page.locator("[data-part=code]")).to_have_text(CODE)
    return page.locator("[data-part=code]").inner_text()


def test_both_see_a_direct_connection_who_is_present_and_the_same_code(
    server: Server, pair: tuple[Person, Person, str]
) -> None:
    anna, paul, path = pair
    anna.goto(path)
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)

    for someone in (anna, paul):
        strip = someone.page.locator("[data-part=strip]")
        expect(strip).to_contain_text("Dr. Anna Berger, Paul Patient")
        expect(strip).to_contain_text("Aufzeichnen ist verboten")
        expect(someone.page.locator("[data-part=route-word]")).to_have_text("direkt")
        open_panel(someone.page)
        expect(someone.page.locator("[data-part=route-facts]")).to_contain_text("host ↔ host")
    before = shown_code(anna.page)
    assert shown_code(paul.page) == before
    anna.page.get_by_role("button", name="Der Code ist gleich").click()
    expect(anna.page.locator("[data-part=code-result]")).to_have_text(
        "Sie haben den Code verglichen."
    )

    modes = "from healthcompanion.calls.models import CallParticipant as P\n" + (
        "print(list(P.objects.order_by('-pk').values_list('mode', flat=True)[:2]))"
    )
    until = time.monotonic() + 20
    while (found := server.run(modes)) != "['direct', 'direct']":
        assert time.monotonic() < until, found
        paul.page.wait_for_timeout(300)

    # A page that is loaded anew has another certificate: whoever compared is told to do so again.
    paul.page.reload()
    expect(anna.page.locator("[data-part=compare-again]")).to_be_visible(timeout=20_000)
    open_panel(paul.page)
    assert shown_code(paul.page) == shown_code(anna.page) != before


def test_codes_differ_with_somebody_in_the_middle(
    server: Server, pair: tuple[Person, Person, str], person: PersonMaker
) -> None:
    """The server, or whoever has it in their hands, connects each of the two with themselves."""
    anna, paul, path = pair
    mallory = Eavesdropper(person("Mallory", server).goto("/accounts/login/"))
    mallory.sit_between(anna.page, paul.page)
    anna.goto(path)
    paul.page.reload()
    paul.page.locator("[data-step=waiting] h1").wait_for()
    people.call(anna, paul)

    wait_for_picture(anna.page, paul.page)
    assert mallory.sees_both()
    for someone in (anna, paul):
        open_panel(someone.page)
    codes = {shown_code(anna.page), shown_code(paul.page)}

    assert len(codes) == 2
    anna.page.get_by_role("button", name="Der Code ist anders").click()
    expect(anna.page.locator("[data-part=code-result]")).to_contain_text("legen Sie bitte auf")


def test_a_changed_certificate_within_the_same_page_is_an_alarm(
    pair: tuple[Person, Person, str],
) -> None:
    anna, paul, path = pair
    forged = False

    def forge(frame: str) -> str:
        told = json.loads(frame)
        sdp = told.get("description", {}).get("sdp")
        if not forged or sdp is None:
            return frame
        told["description"]["sdp"] = re.sub(
            r"(a=fingerprint:sha-256 )(..)", lambda hit: hit[1] + other_byte(hit[2]), sdp
        )
        return json.dumps(told)

    def between(socket: object) -> None:
        server = socket.connect_to_server()  # type: ignore[attr-defined]  # WebSocketRoute
        server.on_message(lambda frame: socket.send(forge(frame)))  # type: ignore[attr-defined]

    anna.page.route_web_socket(re.compile(r"/ws/$"), between)
    anna.goto(path)
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    expect(anna.page.locator("[data-part=alarm]")).to_be_hidden()

    forged = True
    anna.expects("signal not usable")
    paul.page.evaluate("document.querySelector('call-stage').connections()[0].restartIce()")

    expect(anna.page.locator("[data-part=alarm]")).to_be_visible()
    expect(anna.page.locator("[data-part=alarm]")).to_contain_text("legen Sie auf")
    expect(paul.page.locator("[data-part=alarm]")).to_be_hidden()


def other_byte(byte: str) -> str:
    return "00" if byte != "00" else "01"

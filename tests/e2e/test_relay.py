"""Two networks without a direct path: picture and sound go through a real relay."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.coturn import Relay, relay
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.media import assert_media_flows, received, wait_for_picture
from tests.infrastructure.relayed import RELAY_ONLY, path_of
from tests.infrastructure.server import running_server

PersonMaker = Callable[..., Person]
CREDENTIALS_SECONDS = 6

RESTART = """
() => {
  const [connection] = document.querySelector('call-stage').connections();
  const {username} = connection.getConfiguration().iceServers[0];
  connection.restartIce();
  return Number.parseInt(username);
}
"""


@pytest.fixture(scope="module")
def turn() -> Iterator[Relay]:
    with relay() as running:
        yield running


def talk(anna: Person, paul: Person, link: str, code: str) -> None:
    for someone in (anna, paul):
        someone.page.add_init_script(RELAY_ONLY)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")
    people.call(anna, paul)


def wait_for_other_path(page: Page, old: tuple[str, int], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while path_of(page) in {old, ("none", 0)}:
        assert time.monotonic() < until, f"no new path after the restart: {path_of(page)}"
        page.wait_for_timeout(200)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_call_through_the_relay(
    turn: Relay, all_mail: Mailbox, person: PersonMaker, transport: str
) -> None:
    with running_server(
        HC_EMAIL_URL=all_mail.url,
        HC_TURN_URLS=turn.url(transport),
        HC_TURN_SECRET=turn.secret,
    ) as server:
        account = people.professional(server)
        code, link = people.patient_link(server, account)
        anna, paul = person("Anna", server), person("Paul", server, phone=True)
        people.sign_in(anna, account)

        talk(anna, paul, link, code)

        wait_for_picture(anna.page, paul.page)
        assert_media_flows(anna.page, paul.page, seconds=4)
        assert (path_of(anna.page)[0], path_of(paul.page)[0]) == ("relay", "relay")
        for someone in (anna, paul):
            expect(someone.page.locator("[data-part=route-word]")).to_have_text("über Relay")
        assert not server.trouble()
        for someone in (anna, paul):
            someone.context.close()


def test_call_finds_a_new_way_through_the_relay_when_its_first_credentials_are_dead(
    turn: Relay, all_mail: Mailbox, person: PersonMaker
) -> None:
    with running_server(
        HC_EMAIL_URL=all_mail.url,
        HC_TURN_URLS=turn.url("udp"),
        HC_TURN_SECRET=turn.secret,
        HC_TURN_SECONDS=str(CREDENTIALS_SECONDS),
    ) as server:
        account = people.professional(server)
        code, link = people.patient_link(server, account)
        anna, paul = person("Anna", server), person("Paul", server, phone=True)
        people.sign_in(anna, account)
        talk(anna, paul, link, code)
        wait_for_picture(anna.page, paul.page)
        began = time.time()
        first = {someone.name: path_of(someone.page) for someone in (anna, paul)}

        assert_media_flows(anna.page, paul.page, seconds=CREDENTIALS_SECONDS + 2)
        good_until = anna.page.evaluate(RESTART)

        assert good_until > time.time() > began + CREDENTIALS_SECONDS
        for someone in (anna, paul):
            wait_for_other_path(someone.page, first[someone.name])
            assert path_of(someone.page)[0] == "relay"
        assert_media_flows(anna.page, paul.page, seconds=4)
        assert not server.trouble()
        for someone in (anna, paul):
            someone.context.close()


def test_relay_refuses_who_does_not_know_the_secret(
    turn: Relay, all_mail: Mailbox, person: PersonMaker
) -> None:
    with running_server(
        HC_EMAIL_URL=all_mail.url, HC_TURN_URLS=turn.url("udp"), HC_TURN_SECRET="wrong"
    ) as server:
        account = people.professional(server)
        code, link = people.patient_link(server, account)
        anna, paul = person("Anna", server), person("Paul", server, phone=True)
        people.sign_in(anna, account)

        talk(anna, paul, link, code)

        expect(paul.page.locator("call-stage")).to_have_attribute("data-state", "active")
        anna.page.wait_for_timeout(4000)
        assert received(anna.page).frames == received(paul.page).frames == 0
        for someone in (anna, paul):
            someone.context.close()

"""Calls over real distances: slow, thin, broken and changing networks between two computers."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e import people
from tests.infrastructure.coturn import Relay, relay_at
from tests.infrastructure.far_apart import Far, far_person
from tests.infrastructure.figures import Figures
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.media import assert_media_flows, received, wait_for_picture
from tests.infrastructure.network import Network, network, possible
from tests.infrastructure.server import Server, running_server

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not possible(), reason="only root may make networks"),
]

Pair = tuple[Far, Far]
THIN = "Bild pausiert, die Verbindung ist zu schwach. Der Ton läuft weiter."
REMOTE_ADDRESSES = """
async () => {
  const [connection] = document.querySelector('call-stage').connections();
  const reports = [...(await connection.getStats()).values()];
  return reports.filter((it) => it.type === 'remote-candidate').map((it) => it.address);
}
"""
IS_DIRECT = """
async () => {
  const [connection] = document.querySelector('call-stage').connections();
  const reports = [...(await connection.getStats()).values()];
  const transport = reports.find((it) => it.type === 'transport');
  const pair = reports.find((it) => it.id === transport?.selectedCandidatePairId);
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId];
  return ends.every((end) => reports.find((it) => it.id === end)?.candidateType !== 'relay');
}
"""
ACCEPT = """
() => {
  window.acceptedAt = performance.timeOrigin + performance.now();
  document.querySelector('[data-action=accept]').click();
}
"""


@pytest.fixture(scope="module")
def internet() -> Iterator[Network]:
    with network() as made:
        yield made


@pytest.fixture(scope="module")
def turn(internet: Network) -> Iterator[Relay]:
    computer = internet.computer()
    computer.plug_in()
    with relay_at(computer) as running:
        yield running


@pytest.fixture(scope="module")
def practice(all_mail: Mailbox) -> Iterator[Server]:
    with running_server(HC_EMAIL_URL=all_mail.url) as server:
        yield server


@pytest.fixture(scope="module")
def pair(playwright: Playwright, internet: Network, practice: Server) -> Iterator[Pair]:
    """Anna on her patient's page; Paul waits."""
    with ExitStack() as stack:
        yield meet(stack, playwright, internet, practice)


def meet(stack: ExitStack, playwright: Playwright, internet: Network, server: Server) -> Pair:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna = stack.enter_context(far_person(playwright, internet, server, "Anna"))
    paul = stack.enter_context(far_person(playwright, internet, server, "Paul", phone=True))
    people.sign_in(anna.person, account)
    people.enter_waiting_room(paul.person, link)
    anna.person.goto(f"/patients/{code}/")
    return anna, paul


def ring(pair: Pair) -> None:
    anna, paul = pair
    people.ring(anna.person, paul.person)


def talk(pair: Pair) -> None:
    ring(pair)
    people.accept(pair[1].person)
    wait_for_picture(*pages(pair))


def pages(pair: Pair) -> tuple[Page, Page]:
    return pair[0].page, pair[1].page


def end(pair: Pair) -> None:
    anna, paul = pair
    anna.page.locator("[data-part=hang-up]").click()
    anna.page.locator("[data-part=dismiss]").click()
    paul.page.locator("[data-action=return]:visible").click()
    paul.page.locator("[data-step=waiting] h1").wait_for()
    anna.page.locator("[data-call-start]:not([aria-disabled=true]):visible").first.wait_for()


def wait_until(page: Page, done: Callable[[], bool], seconds: float, what: str) -> float:
    began = time.monotonic()
    while not done():
        assert time.monotonic() < began + seconds, f"not within {seconds} s: {what}"
        page.wait_for_timeout(100)
    return time.monotonic() - began


def accept_to_picture(pair: Pair) -> list[float]:
    """Milliseconds from the accept to the first picture, at Anna's and at Paul's."""
    ring(pair)
    pair[0].page.wait_for_timeout(1500)
    for far in pair:
        far.watch_frames()
    pair[1].page.evaluate(ACCEPT)
    wait_for_picture(*pages(pair))
    pair[0].page.wait_for_timeout(300)
    accepted = pair[1].page.evaluate("window.acceptedAt")
    return [far.frames()[0] - accepted for far in pair]


def test_accept_needs_one_trip_to_the_server(pair: Pair, figures: Figures) -> None:
    latency = 0.2
    near = min(accept_to_picture(pair) for _ in range(1))
    end(pair)
    for far in pair:
        far.tunnel.delay = latency / 2

    distant = accept_to_picture(pair)

    for far in pair:
        far.tunnel.delay = 0
    end(pair)
    trips = [(slow - quick) / (latency * 1000) for slow, quick in zip(distant, near, strict=True)]
    figures("P11", f"server trips from accept to picture: {[round(trip, 2) for trip in trips]}")
    assert max(trips) < 1.6, (near, distant)


def test_guest_is_not_seen_before_the_accept(pair: Pair, internet: Network) -> None:
    here, there = (far.computer.cables[-1].address for far in pair)
    internet.seen.clear()

    ring(pair)
    pair[0].page.wait_for_timeout(2000)

    assert internet.seen[there, here] == 0
    assert pair[0].page.evaluate(REMOTE_ADDRESSES) == []
    people.accept(pair[1].person)
    wait_for_picture(*pages(pair))
    assert internet.seen[there, here] > 0
    end(pair)


def test_other_network_in_mid_call(pair: Pair, figures: Figures) -> None:
    paul = pair[1]
    talk(pair)
    gaps = []
    for _ in range(2):
        old = paul.computer.cables[-1]
        paul.computer.plug_in()
        assert_media_flows(*pages(pair), seconds=2)
        for far in pair:
            far.watch_frames()
        pair[0].page.wait_for_timeout(500)
        pulled = time.time() * 1000
        old.plugged = False
        pair[0].page.wait_for_timeout(3500)
        for far in pair:
            times = [pulled, *(at for at in far.frames() if at > pulled + 300)]
            assert len(times) > 1, f"no picture came back at {far.person.name}'s"
            gaps.append((times[1] - pulled) / 1000)
        paul.computer.switch_off(old)

    assert_media_flows(*pages(pair), seconds=4)
    figures("P13", f"picture back {[f'{gap:.2f}' for gap in gaps]} s after the cable was pulled")
    assert max(gaps) < 3.5
    assert all(received(page).connections == 1 for page in pages(pair))
    end(pair)


def test_thin_path_pauses_the_picture_and_keeps_the_sound(pair: Pair, figures: Figures) -> None:
    anna, paul = pair
    talk(pair)
    cable = paul.computer.cables[-1]
    notes = [page.locator("[data-part=thin]") for page in pages(pair)]
    cable.kbit, cable.loss = 300, 0.05
    packets = [received(page).packets for page in pages(pair)]
    anna.page.wait_for_timeout(4000)

    cable.kbit = 80
    began = time.monotonic()
    for note in notes:
        expect(note).to_be_visible(timeout=30_000)
        expect(note).to_have_text(THIN)
    paused = time.monotonic() - began
    expect(anna.page.locator("[data-part=quality-word]")).to_have_text("schwach")
    before = [received(page).packets for page in pages(pair)]
    anna.page.wait_for_timeout(3000)
    after = [received(page).packets for page in pages(pair)]

    sounds = [new - old for old, new in zip(before, after, strict=True)]
    assert min(sounds) > 90, f"of 150 packets of sound in 3 s there came {sounds}"
    assert all(new > old for old, new in zip(packets, before, strict=True))
    cable.kbit, cable.loss = 0, 0
    began = time.monotonic()
    for note in notes:
        expect(note).to_be_hidden(timeout=60_000)
    back = time.monotonic() - began
    assert_media_flows(*pages(pair), seconds=4)
    figures(
        "A19", f"2,000 -> 80 kbit/s: picture paused after {paused:.0f} s, back {back:.0f} s later"
    )
    expect(paul.page.locator("call-stage")).to_have_attribute("data-state", "active")
    end(pair)


def test_without_any_way_it_is_said_and_tried_on(pair: Pair, internet: Network) -> None:
    here, there = (far.computer.cables[-1].address for far in pair)
    internet.walls.add(frozenset((here, there)))
    ring(pair)
    people.accept(pair[1].person)
    for page in pages(pair):
        expect(page.locator("[data-part=stuck]")).to_be_visible(timeout=20_000)
        expect(page.locator("call-stage")).to_have_attribute("data-state", "active")

    internet.walls.clear()

    wait_for_picture(*pages(pair), seconds=25)
    for page in pages(pair):
        expect(page.locator("[data-part=stuck]")).to_be_hidden()
    end(pair)


def test_warmed_up_call_shows_the_relay_alone_and_goes_direct_afterwards(
    playwright: Playwright, internet: Network, turn: Relay, all_mail: Mailbox
) -> None:
    with (
        running_server(
            HC_EMAIL_URL=all_mail.url, HC_TURN_URLS=turn.url("udp"), HC_TURN_SECRET=turn.secret
        ) as server,
        ExitStack() as stack,
    ):
        pair = meet(stack, playwright, internet, server)
        here, there = (far.computer.cables[-1].address for far in pair)
        internet.seen.clear()

        ring(pair)
        pair[0].page.wait_for_timeout(2000)

        assert internet.seen[there, here] == 0
        assert internet.seen[there, turn.host] > 0
        assert there not in pair[0].page.evaluate(REMOTE_ADDRESSES)
        people.accept(pair[1].person)
        wait_for_picture(*pages(pair))
        wait_until(
            pair[0].page, lambda: bool(pair[0].page.evaluate(IS_DIRECT)), 10, "a direct path"
        )
        assert_media_flows(*pages(pair), seconds=4)
        assert internet.seen[there, here] > 0
        internet.walls.add(frozenset((here, there)))
        wait_until(
            pair[0].page, lambda: not pair[0].page.evaluate(IS_DIRECT), 10, "a way over the relay"
        )
        assert_media_flows(*pages(pair), seconds=4)
        internet.walls.clear()
        assert [far.person.unexpected() for far in pair] == [[], []]


def test_relay_that_is_down_holds_up_nobody(
    playwright: Playwright, internet: Network, turn: Relay, all_mail: Mailbox
) -> None:
    dead = turn.url("udp").replace(":3478", ":3479")
    with (
        running_server(
            HC_EMAIL_URL=all_mail.url, HC_TURN_URLS=dead, HC_TURN_SECRET=turn.secret
        ) as server,
        ExitStack() as stack,
    ):
        pair = meet(stack, playwright, internet, server)

        ring(pair)
        people.accept(pair[1].person)

        wait_for_picture(*pages(pair), seconds=6)
        assert pair[0].page.evaluate(IS_DIRECT)

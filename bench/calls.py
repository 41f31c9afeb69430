"""P9, P10, P11, P13, P14: from the click to the picture, and back after a fault, between two real
browsers at two computers that are 40 ms from each other and from the server, each way."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise

from playwright.sync_api import Page, Playwright, sync_playwright

from bench.machine import CORES, median, on_core, percentile, stepping_back
from bench.services import wait_for
from bench.table import Row
from tests.e2e import people
from tests.infrastructure.coturn import relay_at
from tests.infrastructure.far_apart import Far, far_person
from tests.infrastructure.network import Network, network, possible
from tests.infrastructure.postgres import free_port
from tests.infrastructure.server import ROOT, Server, running_server

ONE_WAY = 0.04
RUNS = 10
SWITCHES = 20
LOSSES = 6
PAUSE = 1500  # ms; somebody looks at the screen before they accept
RING = """
([selector]) => {
  window.clickedAt = performance.timeOrigin + performance.now();
  document.querySelector(selector).click();
}
"""
WATCH_RING = """
() => {
  const stage = document.querySelector('call-stage');
  const look = () => {
    if (stage.dataset.state !== 'incoming') return;
    window.rangAt = performance.timeOrigin + performance.now();
    watch.disconnect();
  };
  const watch = new MutationObserver(look);
  watch.observe(stage, {attributes: true});
}
"""
QUIET = {"HC_EMAIL_URL": "smtp://127.0.0.1:9", "HC_LOG_LEVEL": "WARNING"}
START = "[data-call-start]:not([aria-disabled=true])"
Pair = tuple[Far, Far]


def far_pair(stack: ExitStack, pw: Playwright, net: Network, server: Server) -> Pair:
    anna = stack.enter_context(far_person(pw, net, server, "Anna"))
    paul = stack.enter_context(far_person(pw, net, server, "Paul"))
    return anna, paul


def distance(pair: Pair, one_way: float = ONE_WAY) -> None:
    for far in pair:
        far.tunnel.delay = one_way
        for cable in far.computer.cables:
            cable.delay = one_way / 2


def meet(pair: Pair, server: Server) -> None:
    """Anna on her patient's page; Paul waits."""
    anna, paul = pair
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    people.sign_in(anna.person, account)
    people.enter_waiting_room(paul.person, link)
    anna.person.goto(f"/patients/{code}/")


def click(page: Page, selector: str) -> float:
    page.evaluate(RING, [selector])
    return float(page.evaluate("window.clickedAt"))


def ring(pair: Pair) -> float:
    """Milliseconds from the click to the ring on the other screen."""
    anna, paul = pair
    anna.page.locator(START).first.wait_for()
    paul.page.evaluate(WATCH_RING)
    clicked = click(anna.page, START)
    paul.page.locator("[data-action=accept]").wait_for()
    return float(paul.page.evaluate("window.rangAt")) - clicked


def first_pictures(pair: Pair, selector: str) -> float:
    """Milliseconds from Paul's click to the first picture on the screen that is later."""
    for far in pair:
        far.watch_frames()
    clicked = click(pair[1].page, selector)
    until = time.monotonic() + 20
    while not all(far.frames() for far in pair):
        assert time.monotonic() < until, "no picture after 20 s"
        pair[0].page.wait_for_timeout(100)
    return max(far.frames()[0] for far in pair) - clicked


def hang_up(pair: Pair) -> None:
    anna, paul = pair
    anna.page.locator("[data-part=hang-up]").click()
    anna.page.locator("[data-part=dismiss]").click()
    paul.page.locator("[data-action=return]:visible").click()
    paul.page.locator("[data-step=waiting] h1").wait_for()


def one_call(pair: Pair) -> tuple[float, float]:
    rang = ring(pair)
    pair[0].page.wait_for_timeout(PAUSE)
    picture = first_pictures(pair, "[data-action=accept]")
    hang_up(pair)
    return rang, picture


def our_calls(pair: Pair, server: Server) -> tuple[list[float], list[float]]:
    meet(pair, server)
    distance(pair)
    one_call(pair)  # warm
    both = [one_call(pair) for _ in range(RUNS)]
    return [rang for rang, _ in both], [picture for _, picture in both]


@contextlib.contextmanager
def sample() -> Iterator[Server]:
    """The reference, shaped as a server of ours so that people can be led there."""
    port = free_port()
    command = [sys.executable, "-m", "bench.ref_sample.serve", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        wait_for(process, port)
        yield Server(f"http://localhost:{port}", ROOT, {}, process=process)
    finally:
        process.kill()
        process.wait(10)


def sample_calls(pair: Pair) -> list[float]:
    for far in pair:
        far.person.goto("/")
        far.page.wait_for_function("document.title === 'ready'")
    distance(pair)
    first_pictures(pair, "#accept")  # warm
    found = []
    for _ in range(RUNS):
        pair[0].page.wait_for_timeout(1000)
        for far in pair:  # the last call's pictures are not those of the next
            far.page.evaluate("connection.close()")
        pair[0].page.wait_for_timeout(500)
        found.append(first_pictures(pair, "#accept"))
    return found


def switches(pair: Pair) -> list[float]:
    """Seconds from a pulled cable to the first picture over the other one."""
    ring(pair)
    first_pictures(pair, "[data-action=accept]")
    found: list[float] = []
    paul = pair[1]
    for _ in range(SWITCHES):
        old = paul.computer.cables[-1]
        paul.computer.plug_in()
        distance(pair)
        pair[0].page.wait_for_timeout(2500)
        for far in pair:
            far.watch_frames()
        pair[0].page.wait_for_timeout(300)
        pulled = time.time() * 1000
        old.plugged = False
        pair[0].page.wait_for_timeout(4000)
        paul.computer.switch_off(old)
        back = [next((at for at in far.frames() if at > pulled + 300), None) for far in pair]
        found += [9.9 if at is None else (at - pulled) / 1000 for at in back]
    hang_up(pair)
    return found


def losses(pair: Pair, server: Server) -> tuple[list[float], float]:
    """Seconds until the sockets stand again, and the longest pause between two pictures (ms)."""
    ring(pair)
    first_pictures(pair, "[data-action=accept]")
    pair[0].page.wait_for_timeout(3000)
    found: list[float] = []
    longest = 0.0
    for _ in range(LOSSES):
        for far in pair:
            far.watch_frames()
        server.stop(signal.SIGKILL)
        for far in pair:
            far.page.locator("body.is-offline").wait_for(state="attached")
        with stepping_back():  # a real server starts on a computer of its own
            server.start()
        began = time.monotonic()
        for far in pair:
            far.page.locator("body:not(.is-offline)").wait_for(state="attached", timeout=20_000)
            found.append(time.monotonic() - began)
        for far in pair:
            times = far.frames()
            longest = max(longest, *(b - a for a, b in pairwise(times)))
    hang_up(pair)
    return found, longest


@contextlib.contextmanager
def browsers() -> Iterator[tuple[Playwright, Network]]:
    if not possible():
        raise RuntimeError("calls are measured in networks of their own, which only root may make")
    with on_core(*CORES), network() as net, sync_playwright() as pw:
        yield pw, net


def measure(wanted: set[str]) -> list[Row]:
    """P9, P10: setting up."""
    with browsers() as (pw, net):
        with sample() as server, ExitStack() as stack:
            plain = sample_calls(far_pair(stack, pw, net, server))
        with running_server(**QUIET) as server, ExitStack() as stack:
            rang, cold = our_calls(far_pair(stack, pw, net, server), server)
        rows = [ring_row(rang)] if "P9" in wanted else []
        if "P10" in wanted:
            rows.append(picture_row("cold", cold, plain, 0.7))
            rows.append(picture_row("warm, with a relay", warm_calls(pw, net), plain, 0.4))
    return rows


def measure_faults(wanted: set[str]) -> list[Row]:
    """P13, P14: staying up."""
    rows: list[Row] = []
    with (
        browsers() as (pw, net),
        running_server(**QUIET) as server,
        ExitStack() as stack,
    ):
        pair = far_pair(stack, pw, net, server)
        meet(pair, server)
        distance(pair)
        if "P13" in wanted:
            rows.append(switch_row(switches(pair)))
        if "P14" in wanted:
            rows += loss_rows(*losses(pair, server))
    return rows


def warm_calls(pw: Playwright, net: Network) -> list[float]:
    computer = net.computer()
    computer.plug_in()
    with (
        relay_at(computer) as turn,
        running_server(**QUIET, HC_TURN_URLS=turn.url("udp"), HC_TURN_SECRET=turn.secret) as server,
        ExitStack() as stack,
    ):
        return our_calls(far_pair(stack, pw, net, server), server)[1]


def ring_row(rang: list[float]) -> Row:
    name = f"click to ring at the guest's, p95 (p50 {median(rang):.0f} ms)"
    trip = 2 * ONE_WAY * 1000
    return Row.at_most("P9", name, percentile(rang, 0.95), None, "ms", limit=trip + 150)


def picture_row(kind: str, ours: list[float], plain: list[float], share: float) -> Row:
    name = f"accept to the later first picture, {kind}, p50 (p95 {percentile(ours, 0.95):.0f} ms)"
    return Row.at_most("P10", name, median(ours), median(plain), "ms", share=share)


def switch_row(back: list[float]) -> Row:
    name = f"pulled cable to picture over the other, p95 (p50 {median(back):.2f} s)"
    return Row.at_most("P13", name, percentile(back, 0.95), None, "s", limit=2)


def loss_rows(back: list[float], longest: float) -> list[Row]:
    name = f"server back to sockets back, after kill -9, p95 (p50 {median(back):.1f} s)"
    still = "longest pause between two pictures meanwhile"
    return [
        Row.at_most("P14", name, percentile(back, 0.95), None, "s", limit=3),
        Row.at_most("P14", still, longest, None, "ms", limit=500),
    ]

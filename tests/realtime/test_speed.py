"""`/speed/`: noise to measure by, that burdens neither us nor others."""

import zlib
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from starlette.applications import Starlette

from healthcompanion.realtime import speed
from healthcompanion.realtime.application import build_application
from healthcompanion.realtime.speed import ADDRESSES, AT_ONCE, MOST, PER_MINUTE, SECONDS, Turns


class Clock:
    """Time that a test holds in its hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(speed, "turns", Turns(clock))
    return clock


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


async def ask(app: Any = None, verb: str = "GET", **headers: str) -> Answer:
    scope = {
        "type": "http",
        "method": verb,
        "path": "/speed/",
        "raw_path": b"/speed/",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 8000),
        "client": ("192.0.2.1", 40000),
        "headers": [
            (name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()
        ],
    }
    client = ApplicationCommunicator(app or Starlette(routes=speed.routes), scope)
    await client.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await client.receive_output(5)
    named = {name.decode(): text.decode() for name, text in start["headers"]}
    pieces, more = [], True
    while more:
        message = await client.receive_output(5)
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    await client.wait(5)
    return Answer(start["status"], named, b"".join(pieces))


async def test_noise_is_bounded_cannot_be_compressed_and_is_never_kept(clock: Clock) -> None:
    first, second = await ask(), await ask()

    assert len(first.body) == MOST
    assert len(zlib.compress(first.body)) > MOST
    assert first.body[:1000] != second.body[:1000]
    assert first.headers["cache-control"] == "no-store, no-transform"
    assert first.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in first.headers


async def test_noise_ends_when_its_time_is_over(clock: Clock, monkeypatch: Any) -> None:
    def slow(size: int) -> bytes:
        clock.now += 1
        return bytes(size)

    monkeypatch.setattr("healthcompanion.realtime.speed.os.urandom", slow)

    assert len((await ask()).body) <= (SECONDS + 1) * speed.PIECE
    assert speed.turns.ends == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_other_sites_have_no_business_here(clock: Clock, site: str) -> None:
    answer = await ask(sec_fetch_site=site)

    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize("verb", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
async def test_other_verbs_are_refused(clock: Clock, verb: str) -> None:
    assert (await ask(verb=verb)).status == 405


async def test_whoever_measures_too_often_is_told_to_wait(clock: Clock) -> None:
    answers = [await ask() for _ in range(int(PER_MINUTE) + 1)]

    assert [answer.status for answer in answers] == [200] * 12 + [429]
    assert answers[-1].headers["retry-after"] == "60"


def test_one_address_has_its_share_and_gets_it_back(clock: Clock) -> None:
    turns = Turns(clock)

    def measured(address: str) -> bool:
        end = turns.take(address)
        turns.give_back(end or 0)
        return end is not None

    assert [measured("192.0.2.1") for _ in range(int(PER_MINUTE) + 1)] == [True] * 12 + [False]
    assert measured("192.0.2.2")
    clock.now += 60 / PER_MINUTE + 0.1
    assert measured("192.0.2.1")


def test_household_is_one_address(clock: Clock) -> None:
    assert speed.household("2001:db8:1:2:3:4:5:6") == speed.household("2001:db8:1:2::1")
    assert speed.household("2001:db8:1:3::1") != speed.household("2001:db8:1:2::1")
    assert speed.household("::ffff:192.0.2.1") == "192.0.2.1"
    assert speed.household("testclient") == "testclient"


def test_few_measure_at_once_and_whoever_stalls_makes_room(clock: Clock) -> None:
    turns = Turns(clock)

    taken = [turns.take(f"192.0.2.{n}") for n in range(AT_ONCE + 1)]

    assert (taken[-1], None in taken[:-1]) == (None, False)
    clock.now += SECONDS + 0.1
    assert turns.take("192.0.2.200") is not None


def test_addresses_are_forgotten_before_they_fill_the_memory(clock: Clock) -> None:
    turns = Turns(clock)

    for number in range(ADDRESSES + 10):
        turns.give_back(turns.take(f"host-{number}") or 0)

    assert len(turns.buckets) == ADDRESSES


async def test_whole_service_serves_it_beside_the_pages(clock: Clock) -> None:
    assert len((await ask(build_application())).body) == MOST

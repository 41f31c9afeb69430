"""The hub by itself, with a clock that the test winds."""

import asyncio
import json
import threading
from dataclasses import dataclass, field

import pytest

from healthcompanion.realtime.hub import Hub, ThreadSafeSink
from healthcompanion.realtime.limits import TokenBucket


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(eq=False)
class Page:
    """A listener that writes down what it gets."""

    frames: list[dict[str, object]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    page: int = 0

    def send(self, text: str) -> None:
        self.frames.append(json.loads(text))

    def close(self, code: int) -> None:
        self.closed.append(code)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(clock: Clock) -> Hub:
    return Hub(clock)


def test_event_reaches_every_page_of_its_channel_and_no_other(hub: Hub) -> None:
    first, second, other = Page(), Page(), Page()
    for channel, page in (("user:1", first), ("user:1", second), ("user:2", other)):
        hub.join(channel, page)

    hub.publish(["user:1"], {"type": "visit.changed"})

    assert first.frames == second.frames == [{"type": "visit.changed", "seq": 1}]
    assert other.frames == []


def test_numbers_rise_by_channel_even_while_nobody_listens(hub: Hub) -> None:
    page = Page()
    hub.publish(["user:1"], {"type": "a"})
    hub.join("user:1", page)
    hub.join("guest:1", page)

    hub.publish(["user:1", "guest:1"], {"type": "b"})

    assert page.frames == [{"type": "b", "seq": 2}, {"type": "b", "seq": 1}]
    assert (hub.sequence("user:1"), hub.sequence("guest:1"), hub.sequence("user:9")) == (2, 1, 0)


def test_ephemeral_frame_has_no_number(hub: Hub) -> None:
    page = Page()
    hub.join("user:1", page)

    hub.tell("user:1", {"type": "signal.relayed"})

    assert page.frames == [{"type": "signal.relayed"}]
    assert hub.sequence("user:1") == 0


def test_every_hub_has_an_epoch_of_its_own() -> None:
    assert len({Hub().epoch for _ in range(5)}) == 5


def test_page_that_left_hears_nothing(hub: Hub) -> None:
    first, second = Page(), Page()
    hub.join("user:1", first)
    hub.join("user:1", second)

    was_last = [hub.leave("user:1", first), hub.leave("user:1", second)]
    hub.publish(["user:1"], {"type": "a"})

    assert was_last == [False, True]
    assert first.frames == second.frames == []
    assert not hub.has_listeners("user:1")


def test_revocation_closes_only_its_channel(hub: Hub) -> None:
    mine, other = Page(), Page()
    hub.join("session:a", mine)
    hub.join("session:b", other)

    hub.revoke("session:a", 4401)
    hub.revoke("session:unknown", 4401)

    assert (mine.closed, other.closed) == ([4401], [])


def test_presence_ends_after_a_silent_minute(hub: Hub, clock: Clock) -> None:
    hub.touch("guest:1")
    clock.now += 59.9
    early = hub.is_present("guest:1")
    clock.now += 0.1

    assert (early, hub.is_present("guest:1"), hub.is_present("guest:2")) == (True, False, False)


def test_presence_is_prolonged_by_every_sign_of_life(hub: Hub, clock: Clock) -> None:
    hub.touch("guest:1")
    clock.now += 50
    hub.touch("guest:1")
    clock.now += 50

    assert hub.is_present("guest:1")


def test_offer_is_held_for_a_minute_at_most(hub: Hub, clock: Clock) -> None:
    hub.hold("offer:a", {"sdp": "v=0"})
    clock.now += 59.9
    early = hub.held("offer:a")
    clock.now += 0.1

    assert (early, hub.held("offer:a"), hub.held("offer:b")) == ({"sdp": "v=0"}, None, None)


def test_sweep_forgets_what_was_held(hub: Hub, clock: Clock) -> None:
    hub.hold("offer:a", 1)
    clock.now += 30
    hub.hold("offer:b", 2)
    clock.now += 30

    hub.sweep()

    assert set(hub.kept) == {"offer:b"}


def test_bucket_allows_a_burst_and_then_the_rate(clock: Clock) -> None:
    bucket = TokenBucket(rate=2, burst=3, clock=clock)

    at_once = [bucket.take() for _ in range(4)]
    clock.now += 0.5
    later = [bucket.take(), bucket.take()]
    clock.now += 3600
    much_later = [bucket.take() for _ in range(4)]

    assert at_once == [True, True, True, False]
    assert later == [True, False]
    assert much_later == [True, True, True, False]


async def test_sink_delivers_from_another_thread_on_the_loop(hub: Hub) -> None:
    seen_on: list[int] = []

    class Watching(Page):
        def send(self, text: str) -> None:
            seen_on.append(threading.get_ident())
            super().send(text)

    page = Watching()
    hub.join("user:1", page)
    sink = ThreadSafeSink(hub, asyncio.get_running_loop())

    def work() -> None:
        for number in range(50):
            sink.publish(["user:1"], {"type": "a", "number": number})
        sink.hold("offer:a", 1)
        sink.revoke("user:1", 4401)

    await asyncio.to_thread(work)
    await asyncio.sleep(0)

    assert [frame["number"] for frame in page.frames] == list(range(50))
    assert [frame["seq"] for frame in page.frames] == list(range(1, 51))
    assert set(seen_on) == {threading.get_ident()}
    assert page.closed == [4401]
    assert sink.held("offer:a") == 1
    assert not sink.is_present("user:1")


def test_numbers_of_channels_without_listeners_are_not_kept_for_ever(hub: Hub) -> None:
    page = Page()
    hub.join("user:1", page)
    for _event in range(3):
        hub.publish(["user:1"], {"type": "a"})
    for number in range(100_000):
        hub.publish([f"guest:{number}"], {"type": "a"})

    hub.sweep()

    assert set(hub.sequences) == {"user:1"}
    hub.publish(["user:1"], {"type": "a"})
    assert [frame["seq"] for frame in page.frames] == [1, 2, 3, 4]


def test_who_comes_back_after_the_sweep_never_believes_to_have_missed_nothing(hub: Hub) -> None:
    seen = {}
    for guest in range(12_000):
        hub.publish([f"guest:{guest}"], {"type": "a"})
        seen[guest] = hub.sequence(f"guest:{guest}")
    hub.publish(["guest:7"], {"type": "missed"})

    hub.sweep()
    hub.publish(["guest:8"], {"type": "missed after the sweep"})

    assert hub.sequence("guest:7") != seen[7]
    assert hub.sequence("guest:8") != seen[8]
    assert all(hub.sequence(f"guest:{guest}") >= number for guest, number in seen.items())

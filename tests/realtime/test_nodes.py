"""Two nodes with one Redis: what reaches the other one, and what happens while Redis is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.realtime import redis_bus, sockets
from healthcompanion.realtime.bus import Word
from healthcompanion.realtime.hub import Hub, ThreadSafeSink
from healthcompanion.realtime.redis_bus import RedisBus
from healthcompanion.realtime.upkeep import Upkeep
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.redis_server import RedisServer, running_redis
from tests.infrastructure.sockets import Closed, guest_cookies, opened, service, user_cookies
from tests.realtime.test_hub import Page


@dataclass
class Node:
    """One process's hub, its bus, and the door for its threads."""

    hub: Hub
    bus: RedisBus
    sink: ThreadSafeSink


@asynccontextmanager
async def node(url: str) -> AsyncIterator[Node]:
    bus = RedisBus(url)
    hub = Hub(bus=bus)
    async with bus.joined(hub):
        yield Node(hub, bus, ThreadSafeSink(hub, asyncio.get_running_loop()))


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for something that another node causes."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture
async def nodes(redis_server: RedisServer) -> AsyncIterator[tuple[Node, Node]]:
    async with node(redis_server.url) as one, node(redis_server.url) as two:
        yield one, two


@pytest.fixture
async def own_redis() -> AsyncIterator[RedisServer]:
    """A Redis that the test may stop."""
    with running_redis() as server:
        yield server


async def test_event_reaches_local_pages_at_once_and_the_other_node_soon(
    nodes: tuple[Node, Node],
) -> None:
    one, two = nodes
    here, there, stranger = Page(), Page(), Page()
    one.hub.join("user:1", here)
    two.hub.join("user:1", there)
    two.hub.join("user:2", stranger)

    one.hub.publish(["user:1"], {"type": "visit.changed", "state": "waiting"})
    at_once = list(here.frames)
    await until(lambda: there.frames)
    two.hub.publish(["user:1"], {"type": "visit.changed", "state": "called"})
    await until(lambda: len(here.frames) == 2)

    expected = [
        {"type": "visit.changed", "state": "waiting", "seq": 1},
        {"type": "visit.changed", "state": "called", "seq": 2},
    ]
    assert at_once == expected[:1]
    assert here.frames == there.frames == expected
    assert stranger.frames == []
    assert one.hub.epoch != two.hub.epoch  # a page that changes nodes catches up


async def test_many_events_arrive_once_and_in_order(nodes: tuple[Node, Node]) -> None:
    one, two = nodes
    there = Page()
    two.hub.join("user:1", there)

    for number in range(1500):
        one.hub.publish(["user:1"], {"type": "a", "number": number})
    await until(lambda: len(there.frames) == 1500)

    assert [frame["number"] for frame in there.frames] == list(range(1500))
    assert two.hub.missed == 0


async def test_signal_reaches_the_other_node_without_a_number(nodes: tuple[Node, Node]) -> None:
    one, two = nodes
    there = Page()
    two.hub.join("guest:1", there)

    one.hub.tell("guest:1", {"type": "signal.relayed", "candidate": None})
    await until(lambda: there.frames)

    assert there.frames == [{"type": "signal.relayed", "candidate": None}]
    assert two.hub.sequence("guest:1") == 0


async def test_revocation_closes_sockets_on_the_other_node_also_opening_ones(
    nodes: tuple[Node, Node],
) -> None:
    one, two = nodes
    there, other = Page(), Page()
    two.hub.join("session:a", there)
    two.hub.join("session:b", other)
    asked_at = two.hub.clock()

    await asyncio.to_thread(one.sink.revoke, "session:a", 4401)
    await until(lambda: there.closed)

    assert (there.closed, other.closed) == ([4401], [])
    assert two.hub.was_revoked("session:a", since=asked_at)


async def test_presence_and_held_offer_are_known_on_the_other_node(
    nodes: tuple[Node, Node],
) -> None:
    one, two = nodes
    one.hub.touch("guest:1")
    await asyncio.to_thread(one.sink.hold, "offer:a", {"type": "offer", "sdp": "v=0"})
    await until(lambda: two.sink.held("offer:a"))

    assert await asyncio.to_thread(two.sink.held, "offer:a") == {"type": "offer", "sdp": "v=0"}
    assert await asyncio.to_thread(two.sink.held, "offer:b") is None
    assert await asyncio.to_thread(two.sink.is_present, "guest:1")
    assert not await asyncio.to_thread(two.sink.is_present, "guest:2")
    ends = [two.bus.pages.ttl(key) for key in ("hc:kept:offer:a", "hc:present:guest:1")]
    assert 55 < ends[0] <= 60 < ends[1] <= 75


async def test_presence_is_written_at_most_every_fifteen_seconds(nodes: tuple[Node, Node]) -> None:
    one, _two = nodes
    one.hub.touch("guest:1")
    queued = one.bus.queue.qsize()
    for _ in range(100):
        one.hub.touch("guest:1")
    again = one.bus.queue.qsize()
    one.bus.touched["guest:1"] -= 15
    one.hub.touch("guest:1")

    assert (again, one.bus.queue.qsize()) == (queued, queued + 2)


async def test_who_is_on_another_node_has_not_gone(nodes: tuple[Node, Node]) -> None:
    one, two = nodes
    gone: list[str] = []
    for channel in ("guest:1", "guest:2"):
        one.hub.touch(channel)
    two.hub.touch("guest:1")
    await until(lambda: two.sink.is_present("guest:2") and two.bus.queue.empty())

    one.hub.bus.leave("guest:1", lambda: gone.append("guest:1"))
    one.hub.bus.leave("guest:2", lambda: gone.append("guest:2"))
    await until(lambda: gone and not two.sink.is_present("guest:2"))
    await asyncio.sleep(0.05)

    assert gone == ["guest:2"]
    assert one.sink.is_present("guest:1")


async def test_lost_word_is_noticed_by_the_next_or_by_the_beat(nodes: tuple[Node, Node]) -> None:
    one, two = nodes
    there = Page()
    two.hub.join("user:1", there)
    one.bus.said += 1  # said, and lost on its way
    one.hub.publish(["user:1"], {"type": "a"})
    await until(lambda: there.frames)
    by_the_next = two.hub.missed
    one.bus.said += 1
    one.bus.send(Word("beat"))
    await until(lambda: two.hub.missed > by_the_next)

    assert (by_the_next, two.hub.missed) == (1, 2)
    assert there.frames == [{"type": "a", "seq": 2}]  # one is missing: the page catches up


async def test_stopped_redis_costs_the_own_node_nothing_and_the_others_time(
    own_redis: RedisServer,
) -> None:
    async with node(own_redis.url) as one, node(own_redis.url) as two:
        here, there = Page(), Page()
        one.hub.join("user:1", here)
        two.hub.join("user:1", there)
        one.hub.touch("guest:1")
        one.sink.hold("offer:a", 1)
        own_redis.stop()
        await until(lambda: not one.bus.is_whole() and not two.bus.is_whole())

        before = two.hub.sequence("user:1")
        one.hub.publish(["user:1"], {"type": "a"})
        began = time.monotonic()
        known = [one.sink.is_present("guest:1"), one.sink.held("offer:a")]
        unknown = [two.sink.is_present("guest:1"), two.sink.held("offer:a")]
        took = time.monotonic() - began
        at_once = list(here.frames)

        own_redis.start()
        await until(lambda: one.bus.is_whole() and two.bus.is_whole(), 10)
        await until(lambda: two.sink.is_present("guest:1"), 10)
        one.hub.publish(["user:1"], {"type": "b"})
        await until(lambda: there.frames and there.frames[-1]["type"] == "b", 10)

        assert [frame["type"] for frame in at_once] == ["a"]
        assert (known, unknown) == ([True, 1], [False, None])
        assert took < 0.7
        assert two.hub.sequence("user:1") > before + 1  # the pages of node two catch up


async def test_redis_that_stands_still_does_not_hold_pages_up(own_redis: RedisServer) -> None:
    async with node(own_redis.url) as one:
        own_redis.pause()
        try:
            began = time.monotonic()
            answers = [await asyncio.to_thread(one.sink.is_present, "guest:1") for _ in range(20)]
            took = time.monotonic() - began
        finally:
            own_redis.resume()

    assert answers == [False] * 20
    assert took < 1


async def test_silent_redis_is_left_and_found_again(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_bus, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(redis_bus, "BEAT_SECONDS", 0.1)
    async with node(own_redis.url) as one:
        own_redis.pause()
        try:
            await until(lambda: not one.bus.is_whole())
        finally:
            own_redis.resume()
        await until(one.bus.is_whole, 10)

        assert one.hub.missed > 0


async def test_node_starts_without_redis_and_joins_when_it_comes(own_redis: RedisServer) -> None:
    own_redis.stop()
    async with node(own_redis.url) as one:
        page = Page()
        one.hub.join("user:1", page)
        one.hub.publish(["user:1"], {"type": "a"})
        alone = one.bus.is_whole()
        own_redis.start()
        await until(one.bus.is_whole, 15)

        assert not alone
        assert page.frames == [{"type": "a", "seq": 1}]
        assert one.hub.sequence("user:1") > 1


async def test_foreign_words_on_the_topic_do_no_harm(nodes: tuple[Node, Node]) -> None:
    one, two = nodes
    there = Page()
    two.hub.join("user:1", there)
    for words in (b"", b"{", b"\xff", b'{"node":1}', b'{"node":"x","number":1,"word":{"do":"x"}}'):
        two.bus.pages.publish(redis_bus.TOPIC, words)

    one.hub.publish(["user:1"], {"type": "a"})
    await until(lambda: there.frames)

    assert two.bus.is_whole()


@pytest.mark.django_db(transaction=True)
class TestService:
    """The same with sockets, guests and calls."""

    @pytest.fixture
    async def apps(self, redis_server: RedisServer) -> AsyncIterator[tuple[Starlette, Starlette]]:
        async with service(redis_server.url) as one, service(redis_server.url) as two:
            yield one, two

    @pytest.fixture
    def ticket(self, guest: Guest) -> str:
        return guest_cookies(guest)

    @pytest.fixture
    def hosts_cookies(self, professional: User) -> str:
        return user_cookies(professional)

    @pytest.fixture
    def call(self, guest: Guest) -> tuple[Call, str, str]:
        """A running call, the host's code in it, and the guest's."""
        VisitFactory(guest=guest, state=Visit.State.CONSULTATION)
        call = CallFactory(guest=guest, state=Call.State.ACTIVE)
        places = call.participants
        return call, places.get(guest=None).code, places.get(user=None).code

    async def test_newest_page_of_a_guest_wins_on_whichever_node(
        self,
        apps: tuple[Starlette, Starlette],
        guest: Guest,
        ticket: str,
        hosts_cookies: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(sockets, "GRACE_SECONDS", 0.1)
        address = f"/ws/g/{guest.code}/"
        async with AsyncExitStack() as stack:
            host = await stack.enter_async_context(opened(apps[0], "/ws/", hosts_cookies))
            await host.receive()
            async with opened(apps[0], address, ticket) as old:
                await old.receive()
                new = await stack.enter_async_context(opened(apps[1], address, ticket))
                await new.receive()
                with pytest.raises(Closed) as closed:
                    await old.receive()
            await asyncio.sleep(0.3)
            await new.send({"type": "ping", "seq": 0})

            assert closed.value.code == 4408
            assert (await new.receive())["type"] == "pong"
            dots = [(await host.receive())["online"] for _ in range(2)]
            assert dots == [True, True]
            assert await host.is_silent()  # the guest only went to another node

    async def test_older_page_of_a_guest_gives_way_on_whichever_node(
        self, apps: tuple[Starlette, Starlette], guest: Guest, ticket: str
    ) -> None:
        address = f"/ws/g/{guest.code}/"
        async with opened(apps[0], f"{address}?page=2000", ticket) as new:
            await new.receive()
            async with opened(apps[1], f"{address}?page=1000", ticket) as old:
                await old.receive()
                with pytest.raises(Closed) as closed:
                    await old.receive()
            await new.send({"type": "ping", "seq": 0})

            assert closed.value.code == 4408
            assert (await new.receive())["type"] == "pong"

    async def test_members_of_a_call_on_two_nodes_exchange_signals(
        self,
        apps: tuple[Starlette, Starlette],
        guest: Guest,
        ticket: str,
        hosts_cookies: str,
        call: tuple[Call, str, str],
    ) -> None:
        running, host_code, guest_code = call
        relay = {"type": "signal.relay", "call": running.code, "candidate": None}
        async with (
            opened(apps[0], "/ws/", hosts_cookies) as host,
            opened(apps[1], f"/ws/g/{guest.code}/", ticket) as page,
        ):
            await host.receive()
            await page.receive()
            assert (await host.receive())["type"] == "presence.changed"

            await host.send(relay | {"to": guest_code})
            await page.send(relay | {"to": host_code})

            assert (await page.receive())["from"] == host_code
            assert (await host.receive())["from"] == guest_code

    async def test_node_that_hears_nobody_ends_no_call(
        self, own_redis: RedisServer, call: tuple[Call, str, str]
    ) -> None:
        async with service(own_redis.url) as app:
            hub: Hub = app.state.hub
            work = Upkeep(hub)
            work.calls.since = {call[0].pk: time.monotonic() - 3600}
            own_redis.stop()
            await until(lambda: not hub.bus.is_whole())

            await work.tick()

        await call[0].arefresh_from_db()
        assert call[0].state == Call.State.ACTIVE
        assert work.calls.since == {}

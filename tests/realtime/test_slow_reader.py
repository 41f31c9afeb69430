"""A page that does not read is sent away to come back; it never misses a frame in between."""

import asyncio
import contextlib
import json
from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.websockets import WebSocket

from healthcompanion.accounts.models import User
from healthcompanion.realtime.actors import Actor, user_at
from healthcompanion.realtime.connection import INBOX, Connection
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from tests.infrastructure.sockets import user_cookies

pytestmark = pytest.mark.django_db(transaction=True)


class Wire:
    """A network that stops taking frames until it is told to go on."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.flows = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {}

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.send":
            await self.flows.wait()
        self.sent.append(message)

    @property
    def numbers(self) -> list[int]:
        return [
            json.loads(message["text"])["seq"]
            for message in self.sent
            if message["type"] == "websocket.send"
        ]


@pytest.fixture
def cookies(professional: User) -> str:
    return user_cookies(professional)


@contextlib.asynccontextmanager
async def stalled(cookies: str, hub: Hub) -> Any:
    """A connection whose network stands still, and the task that runs it."""
    wire, actor = Wire(), await in_database(user_at, cookies)
    scope = {"type": "websocket", "headers": [], "path": "/ws/"}
    socket = WebSocket(scope, cast(Any, wire.receive), cast(Any, wire.send))
    socket.client_state = socket.application_state = type(socket.client_state).CONNECTED
    connection = Connection(socket, hub, actor)
    hub.join(actor.channel, connection)

    def still_allowed() -> Actor:
        return actor

    task = asyncio.create_task(connection.run(still_allowed))
    await asyncio.sleep(0)
    try:
        yield wire, actor.channel, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_reader_that_keeps_up_gets_everything(cookies: str, hub: Hub) -> None:
    async with stalled(cookies, hub) as (wire, channel, _task):
        wire.flows.set()
        for _ in range(5 * INBOX):
            hub.publish([channel], {"type": "visit.changed"})
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)

        assert wire.numbers == list(range(1, 5 * INBOX + 1))


async def test_full_inbox_closes_with_come_back(cookies: str, hub: Hub) -> None:
    async with stalled(cookies, hub) as (wire, channel, task):
        for _ in range(INBOX + 2):
            hub.publish([channel], {"type": "visit.changed"})
        async with asyncio.timeout(1):
            await task

        assert wire.sent[-1]["type"] == "websocket.close"
        assert wire.sent[-1]["code"] == 1013


async def test_no_frame_follows_one_that_found_no_room(cookies: str, hub: Hub) -> None:
    async with stalled(cookies, hub) as (wire, channel, task):
        for _ in range(INBOX + 10):
            hub.publish([channel], {"type": "visit.changed"})
        wire.flows.set()
        for _ in range(10):  # room again, before the connection could be closed
            hub.publish([channel], {"type": "visit.changed"})
            await asyncio.sleep(0)
        async with asyncio.timeout(1):
            await task

        assert wire.numbers == list(range(1, len(wire.numbers) + 1))
        assert len(wire.numbers) <= INBOX + 1


async def test_slow_page_does_not_hold_up_the_others(
    app: Starlette, cookies: str, hub: Hub
) -> None:
    async with stalled(cookies, hub) as (slow, channel, _), stalled(cookies, hub) as (fast, _, _):
        fast.flows.set()
        for _ in range(2 * INBOX):
            hub.publish([channel], {"type": "visit.changed"})
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)

        assert fast.numbers == list(range(1, 2 * INBOX + 1))
        assert slow.sent[-1]["code"] == 1013

"""Websockets without a server: the real router, hub and database, spoken to as a browser would.

    async with service() as app, opened(app, "/ws/", user_cookies(doctor)) as socket:
        assert (await socket.receive())["type"] == "hello"

Tests need `@pytest.mark.django_db(transaction=True)`: sockets read the database on a thread.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.guests.models import Guest
from healthcompanion.realtime.application import build_application, running_hub
from tests.infrastructure.clients import signed_in, with_ticket

WAIT = 2.0
Frame = dict[str, Any]


class Closed(Exception):
    """The server closed the socket; `code` says why (docs/protocol.md)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Socket:
    """One open page's connection."""

    wire: ApplicationCommunicator

    async def send(self, frame: Frame | str) -> None:
        text = frame if isinstance(frame, str) else json.dumps(frame)
        await self.wire.send_input({"type": "websocket.receive", "text": text})

    async def receive(self, wait: float = WAIT) -> Frame:
        """The next frame. Raises Closed, or TimeoutError where none comes."""
        message = await self.wire.receive_output(wait)
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        frame: Frame = json.loads(message["text"])
        return frame

    async def is_silent(self, wait: float = 0.1) -> bool:
        return bool(await self.wire.receive_nothing(wait))

    async def close(self) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1000})
        with contextlib.suppress(asyncio.CancelledError):
            await self.wire.wait(WAIT)


@contextlib.asynccontextmanager
async def service(redis_url: str = "") -> AsyncIterator[Starlette]:
    """The whole application, with a hub and without its background work."""
    app = build_application()
    async with running_hub(redis_url) as hub:
        app.state.hub = hub
        yield app


@contextlib.asynccontextmanager
async def opened(
    app: Starlette, path: str, cookies: str = "", *, origin: str | None = ""
) -> AsyncIterator[Socket]:
    """A socket at `path`, after the handshake; closed at the end.

    `origin` is our own by default, None for none. Raises Closed where the server refuses.
    """
    path, _, query = path.partition("?")
    chosen = settings.HC_BASE_URL if origin == "" else origin
    headers = [(b"host", b"localhost"), (b"cookie", cookies.encode())]
    if chosen is not None:
        headers.append((b"origin", chosen.encode()))
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 8000),
        "subprotocols": [],
        "state": {},
        "extensions": {},
    }
    socket = Socket(ApplicationCommunicator(app, scope))
    await socket.wire.send_input({"type": "websocket.connect"})
    message = await socket.wire.receive_output(WAIT)
    if message["type"] == "websocket.close":
        raise Closed(message.get("code", 1000))
    assert message["type"] == "websocket.accept"
    try:
        yield socket
    finally:
        await socket.close()


def user_cookies(user: User) -> str:
    """The cookie header of a browser in which `user` is signed in."""
    return header_of(signed_in(user).cookies)


def guest_cookies(guest: Guest) -> str:
    """The cookie header of a browser in which `guest` has opened their link."""
    return header_of(with_ticket(guest).cookies)


def header_of(cookies: Any) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())

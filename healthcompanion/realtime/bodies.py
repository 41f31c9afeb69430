"""A request's body is taken in before a page thread works on it.

Threads are few, and a2wsgi lets one wait for as long as a client cares to take: ten slow uploads,
without signing in, would stop all pages. Waiting here costs a socket and nothing else.
"""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 2_621_440  # octets; as Django's DATA_UPLOAD_MAX_MEMORY_SIZE
IN_MEMORY = 64 * 1024
PIECE = 64 * 1024
PATIENCE = 10.0  # seconds, and more for whoever keeps sending
SLOWEST = 16 * 1024  # octets a second


class TooLarge(Exception):
    """The body is, or says that it will be, larger than MAX_BODY."""


class Gone(Exception):
    """The client went away before its body was complete."""


class WholeBodies:
    """ASGI middleware: `app` is called with the whole body at hand, or not at all.

    Slow clients are answered with 408 and too large bodies with 413 (RFC 9110, 15.5).
    """

    def __init__(self, app: ASGIApp, patience: float = PATIENCE) -> None:
        self.app = app
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                size = await self._take_in(body, scope, receive)
            except Gone:
                return
            except TooLarge:
                await _refuse(413, "The request is too large.", scope, receive, send)
                return
            except TimeoutError:
                await _refuse(408, "The request took too long.", scope, receive, send)
                return
            body.seek(0)
            await self.app(_measured(scope, size), _reader(body, size, receive), send)

    async def _take_in(self, body: IO[bytes], scope: Scope, receive: Receive) -> int:
        if _announced(scope) > MAX_BODY:
            raise TooLarge
        size = 0
        begun = asyncio.get_running_loop().time()
        while True:
            async with asyncio.timeout_at(begun + self.patience + size / SLOWEST):
                message = await receive()
            if message["type"] != "http.request":
                raise Gone
            piece = message.get("body", b"")
            size += len(piece)
            if size > MAX_BODY:
                raise TooLarge
            body.write(piece)
            if not message.get("more_body", False):
                return size


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return 0


def _measured(scope: Scope, size: int) -> Scope:
    """Say how long a body is that came in pieces: WSGI knows no other end of it."""
    if not size or _announced(scope):
        return scope
    return {**scope, "headers": [*scope["headers"], (b"content-length", str(size).encode())]}


def _reader(body: IO[bytes], size: int, receive: Receive) -> Receive:
    left = size
    done = False

    async def read() -> Message:
        nonlocal left, done
        if done:
            return await receive()
        piece = body.read(PIECE)
        left -= len(piece)
        done = left <= 0
        return {"type": "http.request", "body": piece, "more_body": not done}

    return read


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse(text, status, headers={"Connection": "close"})
    await answer(scope, receive, send)

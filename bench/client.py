"""Thousands of pages in one process: the least that a browser does at a websocket.

The same client speaks to our service and to the reference. It masks with zeros, which is valid
and leaves the work of a real mask to the server, and offers compression as browsers do.
"""

import asyncio
import contextlib
import os
import random
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

PING = b'{"type":"ping","seq":0}'
PING_SECONDS = 25.0
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
CLOSE, SERVER_PING, PONG = 0x8, 0x9, 0xA


@dataclass(frozen=True)
class Place:
    """Where a page connects and as whom; `frame` is a relay to its peer, where it has one."""

    path: str
    cookie: str = ""
    join: bytes = b""
    frame: bytes = b""


class Page(asyncio.Protocol):
    """One socket. `on_text` gets each text frame of the server after the first, `hello`."""

    def __init__(self, place: Place, port: int, *, deflate: bool) -> None:
        self.place, self.port, self.deflate = place, port, deflate
        self.loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = self.loop.create_future()
        self.gone: asyncio.Future[None] = self.loop.create_future()
        self.on_text: Callable[[bytes], None] | None = None
        self.buffer = b""
        self.upgraded = False
        self.close_code = 0
        self.inflate: zlib._Decompress | None = None
        self.timer: asyncio.TimerHandle | None = None

    # -- the connection --------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {self.place.path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
            f"Origin: http://localhost:{self.port}\r\nCookie: {self.place.cookie}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n{OFFER if self.deflate else ''}\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        if self.timer is not None:
            self.timer.cancel()
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("refused or lost before hello"))
            self.ready.exception()  # whoever waits gets it; whoever does not shall not be warned
        if not self.gone.done():
            self.gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        if not self.upgraded:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.transport.abort()
                return
            self.upgraded, self.buffer = True, rest
        while self._take_frame():
            pass

    def _take_frame(self) -> bool:
        buffer = self.buffer
        if len(buffer) < 2:
            return False
        length, start = buffer[1], 2
        if length == 126:
            if len(buffer) < 4:
                return False
            length, start = struct.unpack_from("!H", buffer, 2)[0], 4
        if len(buffer) < start + length:
            return False
        self.buffer = buffer[start + length :]
        self._on_frame(buffer[0], buffer[start : start + length])
        return True

    def _on_frame(self, first: int, payload: bytes) -> None:
        opcode = first & 0x0F
        if opcode == SERVER_PING:
            self._write(PONG, payload)
        elif opcode == CLOSE:
            self.close_code = struct.unpack("!H", payload[:2])[0] if payload else 1005
            self.transport.close()
        elif opcode != PONG:
            if first & 0x40:
                self.inflate = self.inflate or zlib.decompressobj(-15)
                payload = self.inflate.decompress(payload + b"\x00\x00\xff\xff")
            self._on_text(payload)

    def _on_text(self, text: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
            self.timer = self.loop.call_later(random.uniform(0, PING_SECONDS), self._ping)  # noqa: S311 -- spread, no secret
        elif self.on_text is not None:
            self.on_text(text)

    # -- what a page says ------------------------------------------------------------------------
    def send(self, text: bytes) -> None:
        self._write(0x1, text)

    def _write(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size > 125:
            head = struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
        else:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
        self.transport.write(head + b"\0\0\0\0" + payload)

    def _ping(self) -> None:
        self.send(PING)
        self.timer = self.loop.call_later(PING_SECONDS, self._ping)

    async def close(self) -> None:
        self.transport.abort()
        await self.gone


async def open_page(place: Place, port: int, *, deflate: bool = False, wait: float = 30) -> Page:
    """A page that has said and heard what stands before `hello`. Raises OSError."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(wait):
        _, page = await loop.create_connection(
            lambda: Page(place, port, deflate=deflate), "127.0.0.1", port
        )
        await page.ready
    return page


async def open_pages(places: list[Place], port: int, *, deflate: bool = False) -> list[Page]:
    """All of them, twenty at a time."""
    turn = asyncio.Semaphore(20)

    async def one(place: Place) -> Page:
        async with turn:
            return await open_page(place, port, deflate=deflate)

    return await asyncio.gather(*(one(place) for place in places))


async def close_pages(pages: list[Page]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(10):
            await asyncio.gather(*(page.close() for page in pages))

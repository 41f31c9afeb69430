"""A websocket as bytes (RFC 6455), for saying what a well-behaved library would never say."""

import asyncio
import os
import struct
from urllib.parse import urlsplit

CONTINUED, TEXT, BINARY, CLOSE, PING = 0x0, 0x1, 0x2, 0x8, 0x9
LIMIT, PATIENCE = 10.0, 0.5


class Wire:
    """One connection after its handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def write(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))

    async def until_quiet(self, pause: float = 0.1) -> bytes:
        """What comes until nothing has come for a moment."""
        said = b""
        while True:
            try:
                fresh = await asyncio.wait_for(self.reader.read(2**16), pause)
            except (TimeoutError, ConnectionResetError):
                return said
            if not fresh:
                return said
            said += fresh

    async def until_closed(self) -> bytes:
        """Everything that still came. Raises TimeoutError where the server leaves us hanging.

        A server that still waits for the rest of a frame is told that there is none.
        """
        reading = asyncio.ensure_future(self.reader.read(-1))
        try:
            await asyncio.wait([reading], timeout=PATIENCE)
            if not reading.done():
                self.writer.write_eof()
            return await asyncio.wait_for(reading, LIMIT)
        except (ConnectionResetError, BrokenPipeError):
            return b""
        finally:
            self.writer.close()


async def connected(url: str, cookie: str, path: str = "/ws/") -> Wire:
    """A wire that was let in."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {where.netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Origin: {url}",
        f"Cookie: {cookie}",
    ]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    async with asyncio.timeout(LIMIT):
        answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 "), answer
    return Wire(reader, writer)


def framed(payload: bytes, opcode: int = TEXT, *, flags: int = 0x80, claimed: int = -1) -> bytes:
    """A masked frame; `flags` are FIN and the reserved bits, `claimed` is a length to lie about."""
    length = len(payload) if claimed < 0 else claimed
    if length < 126:
        head = struct.pack("!BB", flags | opcode, 0x80 | length)
    elif length < 2**16:
        head = struct.pack("!BBH", flags | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", flags | opcode, 0x80 | 127, length)
    mask = os.urandom(4)
    key = mask * (len(payload) // 4 + 1)
    size = len(payload)
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(key[:size], "big")
    return head + mask + masked.to_bytes(size, "big")


GOODBYE = framed(struct.pack("!H", 1000), CLOSE)

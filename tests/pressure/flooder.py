"""One client that says 5,000 frames a second, and comes back whenever it is sent away.

    python -m tests.pressure.flooder <url> <cookie header> <seconds>

A process of its own, so that its work does not count as somebody else's waiting. Prints JSON.
"""

import asyncio
import json
import math
import struct
import sys
import time

from tests.pressure.wire import Wire, connected, framed

RATE, AT_ONCE = 5_000, 50
# For saying too much, or for not hearing all the answers in time.
SENT_AWAY = [struct.pack("!BBH", 0x88, 2, code) for code in (4429, 1013)]
PING = framed(b'{"type":"ping","seq":0}')


async def answer(wire: Wire) -> float:
    """When we were told to go, or nan where the wire was cut without a word."""
    said = b""
    while fresh := await wire.reader.read(2**16):
        said = said[-3:] + fresh
        if any(goodbye in said for goodbye in SENT_AWAY):
            return time.monotonic()
    return math.nan


async def pour(wire: Wire, told: asyncio.Future[float], until: float) -> int:
    """Say pings at the rate until we are told to go; how many."""
    began, said = time.monotonic(), 0
    while not told.done() and time.monotonic() < until:
        wire.write(PING * AT_ONCE)
        said += AT_ONCE
        await asyncio.sleep(max(0.0, began + said / RATE - time.monotonic()))
    return said


async def flood(url: str, cookie: str, seconds: float) -> dict[str, object]:
    until = time.monotonic() + seconds
    said, limited = 0, []
    while time.monotonic() < until:
        wire = await connected(url, cookie)
        began = time.monotonic()
        told = asyncio.ensure_future(answer(wire))
        said += await pour(wire, told, until)
        if told.done():
            limited.append(told.result() - began)
        told.cancel()
        wire.writer.close()
    return {"said": said, "limited": limited}


if __name__ == "__main__":
    url, cookie, seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(flood(url, cookie, float(seconds)))))  # noqa: T201 -- its result

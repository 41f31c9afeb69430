"""One page floods; two hundred others do not feel it."""

import asyncio
import json
import statistics
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.infrastructure.figures import Figures
from tests.infrastructure.server import ROOT, Server
from tests.pressure.conftest import settled_memory
from tests.pressure.practice import sessions
from tests.pressure.wire import connected, framed

NORMAL, QUIET_SECONDS, FLOOD_SECONDS = 200, 4, 8
TARGET = 2  # times the quiet p99; a shared machine is granted more before the test fails
GENEROUS, ALWAYS_FAST_ENOUGH = 10, 2.0
BURSTS, IN_ONE_GO = 3, 20_000


@dataclass
class Crowd:
    """Two hundred pages that ping once a second, each at a moment of its own."""

    sockets: list[ClientConnection] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def arrive(self, server: Server, cookies: list[str]) -> None:
        address = server.url.replace("http", "ws", 1) + "/ws/"
        for cookie in cookies:
            headers = {"Cookie": cookie}
            socket = await connect(address, origin=server.url, additional_headers=headers)  # type: ignore[arg-type]  # an Origin is a str
            assert json.loads(await socket.recv())["type"] == "hello"
            self.sockets.append(socket)

    async def live(self, seconds: float) -> list[float]:
        """How long each pong took, sorted."""
        self.waits = []
        until = time.monotonic() + seconds
        pages = enumerate(self.sockets)
        await asyncio.gather(*(self.page(socket, it / NORMAL, until) for it, socket in pages))
        return sorted(self.waits)

    async def page(self, socket: ClientConnection, moment: float, until: float) -> None:
        await asyncio.sleep(moment)
        while (began := time.monotonic()) < until:
            await socket.send('{"type":"ping","seq":0}')
            assert json.loads(await socket.recv())["type"] == "pong"
            self.waits.append(time.monotonic() - began)
            await asyncio.sleep(1)

    async def leave(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self.sockets))


def p99(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100)[98]


async def attacked(server: Server, cookie: str) -> asyncio.subprocess.Process:
    program = [sys.executable, "-m", "tests.pressure.flooder", server.url, cookie]
    return await asyncio.create_subprocess_exec(
        *program, str(FLOOD_SECONDS), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def measure(server: Server, cookies: list[str]) -> dict[str, Any]:
    crowd = Crowd()
    await crowd.arrive(server, cookies[1:])
    quiet = await crowd.live(QUIET_SECONDS)
    before = settled_memory(server)
    flooder = await attacked(server, cookies[0])
    await asyncio.sleep(0.5)  # it has to start
    busy = await crowd.live(FLOOD_SECONDS - 1)
    printed, _ = await flooder.communicate()
    after = settled_memory(server)
    await crowd.leave()
    found: dict[str, Any] = json.loads(printed)
    return {**found, "quiet": p99(quiet), "busy": p99(busy), "grown": after - before}


def test_flooder_is_sent_away_and_nobody_else_waits(server: Server, figures: Figures) -> None:
    found = asyncio.run(measure(server, sessions(server, NORMAL + 1)))

    quiet, busy = found["quiet"], found["busy"]
    figures(
        "S5",
        f"{found['said'] / FLOOD_SECONDS:.0f} frames/s beside {NORMAL} pages: sent away "
        f"{len(found['limited'])} times, after {max(found['limited']):.2f} s at most; pong p99 "
        f"{quiet * 1000:.1f} ms quiet, {busy * 1000:.1f} ms flooded ({busy / quiet:.1f} x, "
        f"target {TARGET} x); memory {found['grown']:+.1f} MiB",
    )
    assert found["said"] > 1000 * FLOOD_SECONDS, "that was no flood"
    assert statistics.median(found["limited"]) < 1
    assert busy < max(GENEROUS * quiet, ALWAYS_FAST_ENOUGH)
    assert found["grown"] <= 20
    assert not server.trouble(), server.trouble()


async def burst(server: Server, attacker: str, victim: str) -> float:
    """The longest that a page waits for a pong while another one says everything at once."""
    crowd = Crowd()
    await crowd.arrive(server, [victim])
    page = crowd.sockets[0]
    slowest = 0.0
    for _ in range(BURSTS):
        wire = await connected(server.url, attacker)
        wire.write(framed(b'{"type":"ping","seq":0}') * IN_ONE_GO)
        gone = asyncio.ensure_future(wire.until_closed())
        while not gone.done():
            began = time.monotonic()
            await page.send('{"type":"ping","seq":0}')
            await page.recv()
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.005)
        assert struct.pack("!H", 4429) in gone.result()
    await crowd.leave()
    return slowest


def test_everything_at_once_does_not_stop_the_others(server: Server, figures: Figures) -> None:
    attacker, victim = sessions(server, 2)

    slowest = asyncio.run(burst(server, attacker, victim))

    figures("S5", f"{IN_ONE_GO} frames in one go: another page waits {slowest * 1000:.0f} ms")
    assert slowest < ALWAYS_FAST_ENOUGH
    assert not server.trouble(), server.trouble()

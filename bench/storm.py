"""P7: every page loses its server at once, and comes back as our pages do."""

import asyncio
import random
import signal
from dataclasses import dataclass, field
from time import perf_counter

from bench.client import Page, Place, close_pages, open_page, open_pages
from bench.machine import SERVER_CORE, cpu_seconds, on_core, percentile
from bench.services import Service, ours
from bench.table import Row

SOCKETS = 2000
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # docs/protocol.md, each ± 30 %


@dataclass
class Storm:
    """When each page was back, in seconds after the new process was started, and what it cost."""

    started_at: float = 0.0
    back: list[float] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    cpu_at_first: float = 0.0

    async def come_back(self, place: Place, service: Service) -> None:
        attempt = 0
        while True:
            pause = PAUSES[min(attempt, len(PAUSES) - 1)]
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 -- spread, no secret
            attempt += 1
            try:
                page = await open_page(place, service.port)
            except (OSError, TimeoutError):
                continue
            if not self.back:
                self.cpu_at_first = cpu_seconds(service.pid)
            self.back.append(perf_counter() - self.started_at)
            self.pages.append(page)
            return


def restart(service: Service, storm: Storm) -> None:
    server = service.server
    assert server is not None
    server.stop(signal.SIGKILL)
    with on_core(SERVER_CORE):
        storm.started_at = perf_counter()
        server.start()


async def run(sockets: int) -> tuple[list[float], float]:
    """Seconds after the restart, and microseconds of processor time per socket."""
    with ours(sockets, talking=0) as service:
        places = service.idle[:sockets]
        await open_pages(places, service.port)
        await asyncio.sleep(2)
        storm = Storm()
        killed = asyncio.create_task(asyncio.to_thread(restart, service, storm))
        try:
            async with asyncio.timeout(60):
                await asyncio.gather(killed, *(storm.come_back(p, service) for p in places))
        except TimeoutError:
            storm.back += [60.0] * (sockets - len(storm.back))
        spent = cpu_seconds(service.pid) - storm.cpu_at_first
        await close_pages(storm.pages)
    return storm.back, spent * 1e6 / sockets


def measure(wanted: set[str]) -> list[Row]:
    back, cost = asyncio.run(run(SOCKETS))
    half = percentile(back, 0.5)
    return [
        Row.at_most(
            "P7",
            f"2,000 sockets back after kill -9 (half in {half:.1f} s)",
            max(back),
            None,
            "s",
            limit=10,
        ),
        Row.at_most("P7", "CPU of one accept and sign-in", cost / 1000, None, "ms", limit=1.5),
    ]

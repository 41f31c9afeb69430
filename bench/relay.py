"""P1, P2, P5: what it costs to pass a signal from one page to another, and how long it takes."""

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from bench.client import Page, Place, close_pages, open_pages
from bench.machine import cpu_seconds, median, percentile
from bench.services import Service, ours, reference
from bench.table import Row

ROUND_TRIPS = 150  # a socket may say 200 frames at once and 50 a second
REFILL = 45
SIZES = (100, 1000, 4000)


@dataclass
class Talk:
    """A pair of pages that throw a signal to and fro; one is under way at any time."""

    pages: tuple[Page, Page]
    left: int = 0
    delays: list[float] = field(default_factory=list)
    thrown_at: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    pause: float = 0.0

    def start(self, round_trips: int, pause: float = 0.0) -> None:
        self.left, self.pause = 2 * round_trips, pause
        self.over.clear()
        for page, other in (self.pages, self.pages[::-1]):
            page.on_text = lambda text, page=page, other=other: self._caught(text, page, other)
        self._throw(self.pages[0])

    def _throw(self, page: Page) -> None:
        self.thrown_at = perf_counter()
        page.send(page.place.frame)

    def _caught(self, text: bytes, page: Page, other: Page) -> None:
        if b'"signal.relayed"' not in text:
            return  # a pong, or news of somebody's presence
        self.delays.append(perf_counter() - self.thrown_at)
        self.left -= 1
        if self.left == 0:
            self.over.set()
        elif self.pause and page is self.pages[0]:
            page.loop.call_later(self.pause, self._throw, page)
        else:
            self._throw(page)


@dataclass
class Burst:
    """One run: processor time per message, and every delay, in microseconds."""

    cost: float
    delays: list[float]

    @property
    def p99(self) -> float:
        return percentile(self.delays, 0.99)


class Crowd:
    """All pages at one service: pairs that talk, and the idle ones around them."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.talks: list[Talk] = []
        self.idle: list[Page] = []
        self.rested_at = 0.0

    async def gather(self, sockets: int) -> None:
        """Let there be `sockets` pages in all."""
        if not self.talks:
            for pair in self.service.pairs:
                first, second = await self._open(list(pair))
                self.talks.append(Talk((first, second)))
                for page in (first, second):
                    page.send(page.place.join)
        wanted = sockets - 2 * len(self.talks) - len(self.idle)
        known = len(self.idle)
        self.idle += await self._open(self.service.idle[known : known + max(0, wanted)])
        await asyncio.sleep(1)  # what opening them has set off

    async def _open(self, places: list[Place]) -> list[Page]:
        return await open_pages(places, self.service.port)

    async def burst(self, round_trips: int, pause: float = 0.0) -> Burst:
        """Every pair throws as fast as it can, or after `pause` seconds; all must be caught."""
        before = cpu_seconds(self.service.pid)
        for talk in self.talks:
            talk.delays = []
            talk.start(round_trips, pause)
        await asyncio.wait_for(self._all_over(), 60)
        self.rested_at = perf_counter() + round_trips / REFILL
        spent = cpu_seconds(self.service.pid) - before
        delays = [delay * 1e6 for talk in self.talks for delay in talk.delays]
        return Burst(spent * 1e6 / len(delays), delays)

    async def _all_over(self) -> None:
        over = asyncio.gather(*(talk.over.wait() for talk in self.talks))
        pages = [page for talk in self.talks for page in talk.pages]
        events: list[asyncio.Future[Any]] = [over, *(page.gone for page in pages)]
        await asyncio.wait(events, return_when=asyncio.FIRST_COMPLETED)
        if not over.done():
            over.cancel()
            codes = {page.close_code for page in pages if page.gone.done()}
            raise RuntimeError(f"a talking page was sent away: {codes}")

    async def rest(self) -> None:
        """Until every socket may say as much again as it has said in the last burst."""
        await asyncio.sleep(self.rested_at - perf_counter())

    async def close(self) -> None:
        await close_pages([*self.idle, *(page for talk in self.talks for page in talk.pages)])


async def compare(
    sizes: tuple[int, ...], runs: int, round_trips: int = ROUND_TRIPS
) -> dict[int, tuple[list[Burst], list[Burst]]]:
    """For each size: our bursts and the reference's, taken in turns."""
    found: dict[int, tuple[list[Burst], list[Burst]]] = {}
    with ours(max(sizes)) as service, reference(max(sizes)) as channels:
        crowds = Crowd(service), Crowd(channels)
        for size in sizes:
            bursts: tuple[list[Burst], list[Burst]] = ([], [])
            for crowd in crowds:
                await crowd.gather(size)
                await crowd.burst(10)  # warm
            for _ in range(runs):
                for crowd, results in zip(crowds, bursts, strict=True):
                    await crowd.rest()
                    results.append(await crowd.burst(round_trips))
            found[size] = bursts
        for crowd in crowds:
            await crowd.close()
    return found


def cost(bursts: list[Burst]) -> float:
    return median([burst.cost for burst in bursts])


def delay(bursts: list[Burst]) -> float:
    return median([burst.p99 for burst in bursts])


def measure(wanted: set[str]) -> list[Row]:
    sizes = SIZES if "P5" in wanted else (1000,)
    found = asyncio.run(compare(sizes, runs=5))
    mine, theirs = found[1000]
    rows = []
    if "P1" in wanted:
        a, b = cost(mine), cost(theirs)
        rows.append(
            Row.at_most(
                "P1", "server CPU per relayed message, 1,000 sockets", a, b, "µs", share=1 / 10
            )
        )
    if "P2" in wanted or "P1" in wanted:
        a, b = delay(mine) / 1000, delay(theirs) / 1000
        rows.append(
            Row.at_most("P2", "relay p99, 16 pairs flat out", a, b, "ms", share=1 / 5, limit=10)
        )
    if "P5" in wanted:
        costs = [(cost(found[size][0]), cost(found[size][1])) for size in SIZES]
        text = " / ".join(f"{a:.0f}" for a, _ in costs)
        rows.append(
            Row.at_most(
                "P5",
                f"cost at 4,000 sockets against 100 ({text} µs)",
                costs[-1][0] / costs[0][0],
                costs[-1][1] / costs[0][1],
                "x",
                limit=1.25,
            )
        )
    return rows

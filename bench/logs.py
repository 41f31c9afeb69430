"""P22: the last page of the logs among 100,000 calls against the first, on both databases."""

import asyncio
import contextlib
import time
from collections.abc import Iterator

from bench.machine import median
from bench.pages import Browser
from bench.services import Service, ours
from bench.table import Row
from tests.infrastructure.postgres import cluster

CALLS, RUNS, PAGES = 100_000, 7, 10
LOGS = {"own": "/settings/logs/", "organisation": "/administration/logs/"}


@contextlib.contextmanager
def database(name: str) -> Iterator[dict[str, str]]:
    """The environment of a service on SQLite or PostgreSQL."""
    if name == "SQLite":
        yield {}
        return
    with cluster() as url:
        yield {"HC_DATABASE_URL": url}


def fill(service: Service, calls: int) -> str:
    """Gives the last professional that many calls; the cursor before the last page of them."""
    assert service.server is not None
    return service.server.run(f"from bench.seed import call_log; call_log({calls})")


async def seconds_of(browser: Browser, path: str, pages: int) -> float:
    before = time.perf_counter()
    async with asyncio.timeout(120):
        await browser.get(path, pages)
    return (time.perf_counter() - before) / pages


async def compare(service: Service, cursor: str, engine: str) -> list[Row]:
    browser = Browser(service.port, service.idle[-2].cookie)
    rows = []
    for log, path in LOGS.items():
        first: list[float] = []
        last: list[float] = []
        for run in range(RUNS + 1):
            sides = ((path, first), (f"{path}?after={cursor}", last))
            for address, found in sides:
                spent = await seconds_of(browser, address, PAGES)
                if run:  # the first one warms
                    found.append(spent * 1000)
        name = f"{log} logs, last page of {CALLS:,} calls against the first, {engine}"
        rows.append(Row.at_most("P22", name, median(last), median(first), "ms", share=2))
    return rows


def measure(wanted: set[str]) -> list[Row]:
    rows = []
    for engine in ("SQLite", "PostgreSQL"):
        with database(engine) as variables, ours(4, talking=0, **variables) as service:
            rows += asyncio.run(compare(service, fill(service, CALLS), engine))
    return rows

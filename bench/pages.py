"""P16: what a page costs with us against gunicorn. P18: what pages do to the websockets beside."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

from bench.machine import SERVER_CORE, cpu_seconds, median, on_core
from bench.relay import Crowd
from bench.services import Service, ours, wait_for
from bench.table import Row
from tests.infrastructure.postgres import free_port
from tests.infrastructure.server import ROOT, Server

CLIENTS, RUNS = 8, 5
PAGES = (("/", 15), ("/healthz", 100))  # the dashboard; hardly more than the middleware
APPOINTMENTS = 20
PACE = 0.04  # seconds between the throws of a pair: 16 pairs say about 700 signals a second


class Browser:
    """One keep-alive connection that asks for pages, one after the other."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    async def get(self, path: str, times: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}"
        request = f"{head}\r\nCookie: {self.cookie}\r\n\r\n"
        try:
            for _ in range(times):
                writer.write(request.encode())
                await _answer(reader)
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"a page was not served: {head[:80]!r}")
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = head.split(b"content-length:")[1].split(b"\r\n")[0]
        await reader.readexactly(int(length))


@contextlib.contextmanager
def gunicorn(server: Server) -> Iterator[tuple[int, int]]:
    """The same pages on the same database behind gunicorn: port and process id."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread"),
        *("--threads", str(CLIENTS), "--keep-alive", "60", "--bind", f"127.0.0.1:{port}"),
        *("--log-level", "warning", "django.core.wsgi:get_wsgi_application()"),
    ]
    environment = server.environment | {"DJANGO_SETTINGS_MODULE": "healthcompanion.settings"}
    with on_core(SERVER_CORE):
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    try:
        wait_for(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait(10)


def give_appointments(service: Service) -> str:
    """Fill a professional's day; the cookie of that professional."""
    assert service.server is not None
    service.server.run(
        "from healthcompanion.accounts.models import User\n"
        "from tests.factories import AppointmentFactory\n"
        "user = User.objects.order_by('-pk').first()\n"
        f"AppointmentFactory.create_batch({APPOINTMENTS}, professional=user)"
    )
    return service.idle[-2].cookie


async def cost_of(path: str, port: int, pid: int, cookie: str, requests: int) -> float:
    """Microseconds of processor time per page, with eight browsers at it."""
    browsers = [Browser(port, cookie) for _ in range(CLIENTS)]
    before = cpu_seconds(pid)
    async with asyncio.timeout(60):
        await asyncio.gather(*(browser.get(path, requests) for browser in browsers))
    return (cpu_seconds(pid) - before) * 1e6 / (CLIENTS * requests)


async def compare_pages() -> list[Row]:
    rows = []
    with ours(2, talking=0) as service:
        cookie = give_appointments(service)
        assert service.server is not None
        with gunicorn(service.server) as (port, pid):
            sides = ((service.port, service.pid), (port, pid))
            for path, requests in PAGES:
                costs: tuple[list[float], list[float]] = ([], [])
                for run in range(RUNS + 1):
                    for side, found in zip(sides, costs, strict=True):
                        cost = await cost_of(path, *side, cookie, requests)
                        if run:  # the first one warms
                            found.append(cost / 1000)
                mine, theirs = map(median, costs)
                name = f"page CPU of {path}, against gunicorn"
                rows.append(Row.at_most("P16", name, mine, theirs, "ms", share=1.1))
    return rows


@contextlib.asynccontextmanager
async def hammered(service: Service, cookie: str) -> AsyncIterator[None]:
    """Eight browsers that ask for the dashboard as fast as they get it."""
    tasks = [
        asyncio.create_task(Browser(service.port, cookie).get("/", 10**6)) for _ in range(CLIENTS)
    ]
    await asyncio.sleep(0.5)
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
                raise RuntimeError("the browsers stopped too early")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def compare_quiet_and_busy() -> list[Row]:
    quiet: list[float] = []
    busy: list[float] = []
    with ours(100) as service:
        cookie = give_appointments(service)
        crowd = Crowd(service)
        await crowd.gather(100)
        await crowd.burst(20, PACE)
        for _ in range(RUNS):
            quiet.append((await crowd.burst(50, PACE)).p99 / 1000)
            async with hammered(service, cookie):
                busy.append((await crowd.burst(50, PACE)).p99 / 1000)
        await crowd.close()
    return [
        Row.at_most(
            "P18",
            "relay p99 with 8 clients at pages, against quiet",
            median(busy),
            median(quiet),
            "ms",
            share=2,
        )
    ]


def measure(wanted: set[str]) -> list[Row]:
    rows = []
    if "P16" in wanted:
        rows += asyncio.run(compare_pages())
    if "P18" in wanted:
        rows += asyncio.run(compare_quiet_and_busy())
    return rows

"""P17: the ten main pages in a service with 100,000 people and a million calls."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor

from bench.services import Service, ours
from bench.table import Row

PEOPLE, CALLS = 100_000, 1_000_000
PEOPLE_PART, CALLS_PART = 5_000, 50_000  # what is made at a time
CLIENTS, RUNS = 8, 40
MAX_QUERIES, MAX_ALONE, MAX_TOGETHER = 8, 60, 800
PAGES = (
    "/",
    "/patients/",
    "/patients/new/",
    "{appointment}",
    "/settings/general/",
    "/settings/profile/",
    "/settings/logs/",
    "/administration/",
    "/administration/members/",
    "/administration/logs/",
)


def fill(service: Service, people: int, calls: int) -> list[str]:
    """Fills the service; the addresses of the ten pages."""
    assert service.server is not None
    run = service.server.run
    appointment = run("from bench import seed_scale; seed_scale.begin()").splitlines()[-1]
    for first in range(0, people, PEOPLE_PART):
        run(f"from bench.seed_scale import people; people({min(PEOPLE_PART, people - first)})")
    for first in range(0, calls, CALLS_PART):
        last = min(first + CALLS_PART, calls)
        run(f"from bench import seed_scale; seed_scale.calls({first}, {last}, {calls})")
    run("from bench import seed_figures; seed_figures.days()")
    return [page.format(appointment=appointment) for page in PAGES]


def questions(service: Service, pages: list[str]) -> dict[str, int]:
    """How often each page asks the database."""
    assert service.server is not None
    cookie = service.idle[-2].cookie
    printed = service.server.run(
        f"from bench import seed_scale as s; s.questions({cookie!r}, {pages})"
    )
    found: dict[str, int] = json.loads(printed.splitlines()[-1])
    return found


def first_bytes(service: Service, page: str, runs: int) -> list[float]:
    """Milliseconds from the question to the head of the answer, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    headers = {"Host": f"localhost:{service.port}", "Cookie": service.idle[-2].cookie}
    found = []
    try:
        for run in range(runs + 1):
            before = time.perf_counter()
            connection.request("GET", page, headers=headers)
            answer = connection.getresponse()
            spent = time.perf_counter() - before
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{page} was not served: {answer.status}")
            if run:  # the first one warms
                found.append(spent * 1000)
    finally:
        connection.close()
    return found


def together(service: Service, page: str, runs: int) -> list[float]:
    """The same from eight clients at once."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(first_bytes, service, page, runs) for _ in range(CLIENTS)]
        return [spent for each in asked for spent in each.result()]


def p95(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.95)]


def measure(wanted: set[str]) -> list[Row]:
    with ours(2, talking=0) as service:
        pages = fill(service, PEOPLE, CALLS)
        alone = {page: p95(first_bytes(service, page, RUNS)) for page in pages}
        busy = {page: p95(together(service, page, RUNS // 4)) for page in pages}
        asked = questions(service, pages)
    appointment = pages[PAGES.index("{appointment}")]
    rows = []
    for page in pages:
        name = "/patients/…/" if page == appointment else page
        first = f"first byte of {name}, p95, among {CALLS:,} calls"
        rows.append(Row.at_most("P17", first, alone[page], None, "ms", limit=MAX_ALONE))
        rows.append(
            Row.at_most(
                "P17", "the same, eight clients", busy[page], None, "ms", limit=MAX_TOGETHER
            )
        )
        rows.append(
            Row.at_most("P17", f"queries of {name}", asked[page], None, "", limit=MAX_QUERIES)
        )
    return rows

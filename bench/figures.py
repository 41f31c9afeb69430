"""P21: the figures of one organisation and one year among two million calls."""

import json

from bench.logs import database
from bench.services import Service, ours
from bench.table import Row

CALLS, RUNS = 2_000_000, 9
PART = 200_000  # what is made at a time


def fill(service: Service, calls: int) -> None:
    assert service.server is not None
    run = service.server.run
    run("from bench import seed_figures; seed_figures.people()")
    for first in range(0, calls, PART):
        last = min(first + PART, calls)
        run(f"from bench import seed_figures; seed_figures.calls({first}, {last}, {calls})")
    run("from bench import seed_figures; seed_figures.days()")


def compare(service: Service, runs: int) -> tuple[float, float, int, int]:
    """Milliseconds from the daily counts and from the calls, and how many calls each found."""
    assert service.server is not None
    printed = service.server.run(f"from bench import seed_figures; seed_figures.compare({runs})")
    counted, raw, calls, raw_calls = json.loads(printed.splitlines()[-1])
    return counted, raw, calls, raw_calls


def measure(wanted: set[str]) -> list[Row]:
    rows = []
    for engine in ("SQLite", "PostgreSQL"):
        with database(engine) as variables, ours(2, talking=0, **variables) as service:
            fill(service, CALLS)
            counted, raw, calls, raw_calls = compare(service, RUNS)
            assert calls == raw_calls, (calls, raw_calls)
            name = f"SQL of the figures of a year, {CALLS:,} calls against the calls, {engine}"
            rows.append(Row.at_most("P21", name, counted, raw, "ms", share=1 / 10, limit=20))
    return rows

"""`make bench` in tiny: that it measures at all; figures need a quiet machine and minutes."""

import asyncio
import os
import secrets
from urllib.request import urlopen

import psycopg
import pytest
from psycopg import sql

from bench import figures, scale
from bench.calls import sample
from bench.logs import LOGS, fill, seconds_of
from bench.pages import Browser, cost_of
from bench.relay import Burst, Crowd
from bench.services import Service, ours, reference, relay
from bench.table import Row, table
from bench.writes import run


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measurements count everything that there is: on PostgreSQL each gets an empty database."""
    shared = os.environ.get("HC_DATABASE_URL")
    if shared is None:
        return
    server, name = shared.rsplit("/", 1)[0], f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(shared, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    monkeypatch.setenv("HC_DATABASE_URL", f"{server}/{name}")


async def burst_of(service: Service, sockets: int) -> Burst:
    crowd = Crowd(service)
    await crowd.gather(sockets)
    burst = await crowd.burst(3)
    await crowd.close()
    return burst


def test_relay_and_pages_are_measured_at_the_real_service() -> None:
    with ours(6, talking=2) as service:
        burst = asyncio.run(burst_of(service, 10))
        cost = asyncio.run(cost_of("/healthz", service.port, service.pid, "", 1))

    assert len(burst.delays) == 2 * 2 * 3
    assert burst.cost > 0
    assert cost > 0


def test_logs_are_measured_at_the_real_service() -> None:
    with ours(4, talking=0) as service:
        browser, cursor = Browser(service.port, service.idle[-2].cookie), fill(service, 120)
        spent = [
            asyncio.run(seconds_of(browser, f"{path}?after={cursor}", 1)) for path in LOGS.values()
        ]

    assert min(spent) > 0


def test_figures_are_measured_and_agree_with_the_calls() -> None:
    with ours(2, talking=0) as service:
        figures.fill(service, 2_000)
        counted, raw, calls, raw_calls = figures.compare(service, 1)

    assert min(counted, raw) > 0
    assert calls == raw_calls == 100


def test_main_pages_are_measured_in_a_service_that_is_filled() -> None:
    with ours(2, talking=0) as service:
        pages = scale.fill(service, 200, 400)
        alone = [scale.first_bytes(service, page, 1) for page in pages]
        busy = scale.together(service, pages[0], 1)
        asked = scale.questions(service, pages)
        assert service.server is not None
        found = service.server.run(
            "from healthcompanion.calls.models import Call\n"
            "from healthcompanion.organisations.models import Membership\n"
            "print(Membership.objects.count(), Call.objects.count())"
        )

    assert found == "201 400"
    assert len(set(pages)) == len(alone) == len(scale.PAGES) == 10
    assert min(map(min, alone)) > 0
    assert len(busy) == scale.CLIENTS
    assert list(asked) == pages
    assert 0 < min(asked.values()) <= max(asked.values()) <= scale.MAX_QUERIES


def test_relay_is_measured_at_the_reference() -> None:
    pytest.importorskip("channels", reason="the bench group is not installed")

    with reference(8) as service:
        burst = asyncio.run(burst_of(service, 40))

    assert len(burst.delays) == 16 * 2 * 3
    assert burst.cost > 0


def test_signal_is_as_long_as_those_of_browsers() -> None:
    assert len(relay("aaaaaaaaaaaa", "bbbbbbbbbbbb")) == 310


def test_write_mix_loses_nothing_with_our_settings() -> None:
    mix = run("ours", 0.3)

    assert mix.failed == 0
    assert mix.done > 0


def test_table_says_what_is_met() -> None:
    met = Row.at_most("P1", "cost", 9, 100, "µs", share=1 / 10)
    missed = Row.at_most("P2", "delay", 11, 100, "ms", share=1 / 5, limit=10)
    more = Row.at_least("P20", "writes", 400, 100, "/s", share=3.5)

    assert (met.met, met.ratio, met.target) == (True, "1/11.1", "≤ 1/10")
    assert (missed.met, missed.target) == (False, "≤ 1/5, ≤ 10 ms")
    assert (more.met, more.ratio) == (True, "4.00")
    assert table([met, missed]).count("\n") == 3


def test_sample_call_is_there_to_compare_with() -> None:
    with sample() as server, urlopen(server.url) as page:  # noqa: S310 -- loopback
        assert b"new RTCPeerConnection" in page.read()

"""What was built at the start is not looked at by the collector any more."""

import asyncio
import contextlib
import gc
from collections.abc import Iterator

import pytest

from healthcompanion.realtime import garbage


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def is_looked_at(thing: object) -> bool:
    """`get_objects` leaves out what was set aside."""
    return any(known is thing for known in gc.get_objects())


async def test_what_is_there_is_set_aside_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "WARM_SECONDS", 0.05)
    gc.unfreeze()
    early: list[object] = [[]]
    settling = asyncio.create_task(garbage.settle())
    await asyncio.sleep(0)
    late: list[object] = [[]]

    assert (is_looked_at(early), is_looked_at(late)) == (False, True)
    await settling
    assert not is_looked_at(late)


async def test_a_service_that_ends_in_its_first_minute_does_not_wait() -> None:
    settling = asyncio.create_task(garbage.settle())
    await asyncio.sleep(0)
    settling.cancel()

    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(settling, 1)
    assert settling.cancelled()

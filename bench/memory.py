"""P4: what one more idle page costs in memory, with the compression that browsers offer."""

import asyncio

from bench.client import PING, close_pages, open_pages
from bench.machine import private_dirty_kib
from bench.services import Service, ours, reference
from bench.table import Row

SOCKETS, WARM = 2000, 100


async def per_socket(service: Service, sockets: int) -> float:
    """KiB of private memory per idle page, after it has said one ping."""
    warm = await open_pages(service.idle[:WARM], service.port, deflate=True)
    await asyncio.sleep(2)
    before = private_dirty_kib(service.pid)
    pages = await open_pages(service.idle[WARM : WARM + sockets], service.port, deflate=True)
    for page in pages:
        page.send(PING)
    await asyncio.sleep(3)
    after = private_dirty_kib(service.pid)
    await close_pages([*warm, *pages])
    return (after - before) / len(pages)


def measure(wanted: set[str]) -> list[Row]:
    with ours(SOCKETS + WARM, talking=0) as service:
        mine = asyncio.run(per_socket(service, SOCKETS))
    with reference(SOCKETS + WARM, compression=True) as channels:
        theirs = asyncio.run(per_socket(channels, SOCKETS))
    return [
        Row.at_most(
            "P4", "memory per idle socket, 2,000", mine, theirs, "KiB", share=1 / 4, limit=32
        )
    ]

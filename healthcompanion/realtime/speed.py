"""How fast data come from here: noise to be measured by a guest's connection check (A25).

Beside Django, since it waits far more than it works. Small, short, few at a time and few for each
address, so that nobody can use it to burden us, or a foreign page to burden our visitors.
"""

import ipaddress
import os
import time
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from healthcompanion.realtime.limits import TokenBucket

MOST = 3 * 1024 * 1024  # octets: a third of a second at 72 Mbit/s, three seconds at 8
PIECE = 32 * 1024
SECONDS = 4.0  # pages listen for three
AT_ONCE = 10
PER_MINUTE = 12.0  # for each address; a household, or a mobile carrier's gateway, shares one
ADDRESSES = 5_000
HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",  # nginx would swallow it whole, and its own speed be measured
}


class Turns:
    """Who may measure now. Of IPv6 the first 64 bits count: a household owns them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.buckets: dict[str, TokenBucket] = {}
        self.ends: list[float] = []

    def take(self, address: str) -> float | None:
        """Until when this address may be sent to; None where it has to wait."""
        now = self.clock()
        self.ends = [end for end in self.ends if end > now]
        if len(self.ends) >= AT_ONCE or not self._bucket(household(address)).take():
            return None
        self.ends.append(now + SECONDS)
        return self.ends[-1]

    def give_back(self, end: float) -> None:
        if end in self.ends:
            self.ends.remove(end)

    def _bucket(self, name: str) -> TokenBucket:
        found = self.buckets.pop(name, None)
        if found is None:
            found = TokenBucket(PER_MINUTE / 60, PER_MINUTE, self.clock)
        self.buckets[name] = found  # last: the one that was away longest is forgotten first
        if len(self.buckets) > ADDRESSES:
            del self.buckets[next(iter(self.buckets))]
        return found


def household(address: str) -> str:
    """The part of an address that one customer cannot change at will."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and (mapped := found.ipv4_mapped) is not None:
        return str(mapped)
    return str(ipaddress.ip_network((found, 64 if found.version == 6 else 32), strict=False))


turns = Turns()


async def speed(request: Request) -> Response:
    """`GET /speed/`: up to three MiB of noise within four seconds; 403, 405 or 429 otherwise."""
    if request.method != "GET":
        return Response(status_code=405, headers={"Allow": "GET"})
    # Browsers say who asks (W3C Fetch Metadata): other sites have no business here.
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return Response(status_code=403, headers=HEADERS)
    end = turns.take(request.client.host if request.client else "")
    if end is None:
        return Response(status_code=429, headers=HEADERS | {"Retry-After": "60"})
    return StreamingResponse(_noise(end), headers=HEADERS, media_type="application/octet-stream")


async def _noise(end: float) -> AsyncIterator[bytes]:
    """Fresh randomness, which no proxy on the way can compress or keep."""
    try:
        for _ in range(MOST // PIECE):
            if turns.clock() > end:
                return
            yield os.urandom(PIECE)
    finally:
        turns.give_back(end)


routes = [Route("/speed/", speed)]

"""How much one socket may say, and how soon it may come back after saying too much."""

import time
from collections.abc import Callable


class TokenBucket:
    """Allows `rate` frames a second and short bursts of `burst`."""

    __slots__ = ("at", "burst", "clock", "rate", "tokens")

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.tokens, self.at = burst, clock()

    def take(self) -> bool:
        """Whether one more frame is allowed now."""
        now = self.clock()
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Pauses:
    """Who flooded us stays outside for a while: opening a socket costs us more than a frame.

    Known by the cookie that their sockets carry, so that nobody else has to wait and nothing has
    to be looked up.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self.clock = seconds, clock
        self.until: dict[str, float] = {}

    def begin(self, cookie: str) -> None:
        now = self.clock()
        self.until = {who: end for who, end in self.until.items() if end > now}
        self.until[cookie] = now + self.seconds

    def holds(self, cookie: str) -> bool:
        return self.until.get(cookie, 0) > self.clock()

"""How much one socket may say."""

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

"""Argon2id with a cap: a flood of sign-ins must eat neither memory nor all page threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

CONCURRENT_HASHES = 2
IN_LINE = 4  # with those at work, fewer than there are page threads: other pages go on
_places = BoundedSemaphore(CONCURRENT_HASHES + IN_LINE)
_slots = BoundedSemaphore(CONCURRENT_HASHES)


class TooBusy(Exception):
    """So many passwords are being checked that this one would have to wait too long."""


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """46 MiB, 2 passes, 1 lane (above OWASP's minimum), at most two at a time in a process.

    Django's own default takes 100 MiB and 8 lanes for each hash. Raises TooBusy past the line.
    """

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise TooBusy
    try:
        with _slots:
            yield
    finally:
        _places.release()

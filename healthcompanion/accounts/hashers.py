"""Argon2id with a cap: a flood of sign-ins must not eat the memory of a small server."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

CONCURRENT_HASHES = 2
_slots = BoundedSemaphore(CONCURRENT_HASHES)


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """46 MiB, 2 passes, 1 lane (above OWASP's minimum), at most two at a time in a process.

    Django's own default takes 100 MiB and 8 lanes for each hash.
    """

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _slots:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _slots:
            return super().verify(password, encoded)

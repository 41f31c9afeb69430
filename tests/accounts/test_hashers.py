"""Argon2id, and never more than two hashes at a time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2.exceptions import HashingError
from django.contrib.auth import hashers
from django.contrib.auth.hashers import Argon2PasswordHasher
from pytest_django import Settings

from healthcompanion.accounts.hashers import (
    CONCURRENT_HASHES,
    IN_LINE,
    BoundedArgon2PasswordHasher,
    TooBusy,
)
from healthcompanion.realtime.application import PAGE_THREADS


def test_password_is_hashed_with_argon2id_and_the_set_cost(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["healthcompanion.accounts.hashers.BoundedArgon2PasswordHasher"]

    encoded = hashers.make_password("Sonnenblume-42-Fenster")

    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert hashers.check_password("Sonnenblume-42-Fenster", encoded)
    assert not hashers.check_password("Sonnenblume-42-fenster", encoded)


@pytest.mark.parametrize("method", ["encode", "verify"])
def test_flood_of_sign_ins_makes_two_hashes_at_a_time_and_a_short_line(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    running, most, refused, lock = 0, 0, 0, threading.Lock()

    @contextmanager
    def counted() -> Iterator[None]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.1)
        yield
        with lock:
            running -= 1

    def slow(*args: Any) -> Any:
        with counted():
            return "argon2$x"

    def sign_in() -> None:
        nonlocal refused
        try:
            getattr(hasher, method)("password", "salt")
        except TooBusy:
            with lock:
                refused += 1

    monkeypatch.setattr(Argon2PasswordHasher, method, slow)
    hasher = BoundedArgon2PasswordHasher()
    threads = [threading.Thread(target=sign_in) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert most == CONCURRENT_HASHES == 2
    assert refused == 10 - CONCURRENT_HASHES - IN_LINE == 4
    assert running == 0


def test_line_leaves_page_threads_for_the_others() -> None:
    assert CONCURRENT_HASHES + IN_LINE < PAGE_THREADS


def test_hash_that_fails_gives_its_place_back() -> None:
    hasher = BoundedArgon2PasswordHasher()

    for _ in range(CONCURRENT_HASHES + IN_LINE + 1):
        with pytest.raises(HashingError):
            hasher.encode("password", "")

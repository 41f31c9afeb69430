"""Whether an address has an account is not told: not in words, not in work, not in time."""

import statistics
import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.notifications.models import Message
from tests.accounts.mails import delivered

pytestmark = pytest.mark.django_db
HASHER = "healthcompanion.accounts.hashers.BoundedArgon2PasswordHasher"
ROUNDS = 15


def median_times(*actions: Callable[[], object]) -> list[float]:
    """Median of each action's time, in turns, so that a busy machine slows all of them alike."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, found in zip(actions, times, strict=True):
            cache.clear()  # no limit is reached
            began = time.perf_counter()
            action()
            found.append(time.perf_counter() - began)
    return [statistics.median(found) for found in times]


def sign_in(email: str) -> object:
    return Client().post("/accounts/login/", {"login": email, "password": "wrong"})


def ask(email: str) -> object:
    return Client().post("/accounts/password/reset/", {"email": email})


def test_sign_in_takes_as_long_for_unknown_addresses(
    professional: User, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [HASHER]
    professional.set_password("Sonnenblume-42-Fenster")
    professional.save()

    known, unknown = median_times(
        lambda: sign_in(professional.email), lambda: sign_in("nobody@example.org")
    )

    assert 0.75 < unknown / known < 1.33, f"known {known:.4f} s, unknown {unknown:.4f} s"


def test_password_reset_does_the_same_work_for_unknown_addresses(professional: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as known:
        ask(professional.email)
    with CaptureQueriesContext(connection) as unknown:
        ask("nobody@example.org")

    def writes(queries: CaptureQueriesContext) -> list[str]:
        return [q["sql"].split(" ", 3)[2] for q in queries if q["sql"].startswith("INSERT")]

    assert writes(known) == writes(unknown)
    assert abs(len(known) - len(unknown)) <= 1
    assert "nobody" not in repr(list(Message.objects.values()))
    assert [letter.to for letter in delivered()] == [[professional.email]]


def test_password_reset_takes_as_long_for_unknown_addresses(professional: User) -> None:
    known, unknown = median_times(
        lambda: ask(professional.email), lambda: ask("nobody@example.org")
    )

    assert 0.6 < unknown / known < 1.67, f"known {known:.4f} s, unknown {unknown:.4f} s"


def test_asking_for_new_passwords_is_slowed_down(professional: User) -> None:
    answers = [ask(professional.email) for _ in range(7)]

    assert [answer.status_code for answer in answers][-1] in {200, 429}  # type: ignore[attr-defined]  # a response
    assert Message.objects.filter(kind="account.password_reset").count() == 5

"""The database of the test run is the one that was asked for, and threads share it."""

import os
import threading

import pytest
from django.db import connection, transaction

from healthcompanion.organisations.models import Organisation


@pytest.mark.django_db
def test_database_is_the_chosen_one() -> None:
    chosen = os.environ.get("HC_TEST_DATABASE", "sqlite")

    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[chosen]


@pytest.mark.django_db(transaction=True)
def test_threads_see_each_others_rows() -> None:
    seen: list[int] = []

    def look() -> None:
        try:
            seen.append(Organisation.objects.count())
        finally:
            connection.close()

    with transaction.atomic():
        Organisation.objects.create(name="Praxis")
    thread = threading.Thread(target=look)
    thread.start()
    thread.join(10)

    assert seen == [1]

"""What every test may ask for. The database is chosen in tests/infrastructure/plugin.py."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import translation

pytest_plugins = ["tests.infrastructure.cast", "tests.infrastructure.figures"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """SQLite tests use a file: threads and sockets share it, which memory databases cannot do."""
    database: Any = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(Path(os.environ["HC_DATA_DIR"]) / "test.sqlite3")


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Every test starts with no tries counted and no codes used."""
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _fresh_language() -> Iterator[None]:
    """Every test ends in the site's language: the middleware turns to its user's and stays."""
    yield
    translation.deactivate()

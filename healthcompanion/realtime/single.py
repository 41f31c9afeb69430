"""One process per installation: without a Redis, two hubs would not hear each other."""

import fcntl
from pathlib import Path
from typing import Any, Self

import psycopg
from django.conf import settings
from django.db import connection

ADVISORY_LOCK = 0x4843  # "HC": one number for the whole database


class AlreadyServed(Exception):
    """Another process serves this installation."""

    def __init__(self) -> None:
        super().__init__(
            "Another process already serves this installation, and the two would not hear each "
            "other. Stop it first, or give all of them the same HC_REDIS_URL."
        )


class SingleProcess:
    """Held for as long as the process serves. The system lets go of it even after a kill -9.

    A lock on a file keeps out a second process on this machine, an advisory lock of PostgreSQL
    one on any machine with the same database. Nodes with a Redis share both locks, so that none
    without one slips in between.
    """

    def __init__(self) -> None:
        self.file: Any = None
        self.database: Any = None

    def __enter__(self) -> Self:
        path = Path(settings.HC_DATA_DIR) / "serving.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("w")
        try:
            kind = fcntl.LOCK_SH if settings.HC_REDIS_URL else fcntl.LOCK_EX
            fcntl.flock(self.file, kind | fcntl.LOCK_NB)
            self._lock_database()
        except OSError as error:
            self.__exit__()
            raise AlreadyServed from error
        except AlreadyServed:
            self.__exit__()
            raise
        return self

    def _lock_database(self) -> None:
        if connection.vendor != "postgresql":
            return
        # A connection of its own: Django closes its connections, and with them the lock.
        self.database = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        kind = "_shared" if settings.HC_REDIS_URL else ""
        question = f"SELECT pg_try_advisory_lock{kind}(%s)"
        row = self.database.execute(question, [ADVISORY_LOCK]).fetchone()
        if not row[0]:
            raise AlreadyServed

    def __exit__(self, *reason: object) -> None:
        if self.database is not None:
            self.database.close()
        if self.file is not None:
            self.file.close()

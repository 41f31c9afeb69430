"""`python -m bench.writer ours|default <seconds>`: one process of the write mix; 0 makes the table.

Four threads read the newest row, insert one and update another in one transaction; a fifth reads.
"""

import json
import os
import sys
import threading
import time

import django
from django.conf import settings

kind, seconds = sys.argv[1], float(sys.argv[2])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcompanion.settings")
if kind == "default":
    settings.DATABASES["default"].pop("OPTIONS", None)  # before anything has connected
django.setup()

from django.db import OperationalError, connection, transaction  # noqa: E402 -- after setup

WRITERS = 4
TEXT = "consultation " * 15
times: list[float] = []
committed: list[int] = []
failed: list[str] = []


def write(until: float) -> None:
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT COALESCE(MAX(id), 0) FROM mix")
                newest = cursor.fetchone()[0]
                cursor.execute("INSERT INTO mix (before, text) VALUES (%s, %s)", [newest, TEXT])
                cursor.execute("UPDATE mix SET text = %s WHERE id = %s", [TEXT[::-1], newest])
        except OperationalError as error:
            failed.append(str(error))
        else:
            committed.append(newest)
        times.append(time.monotonic() - began)
    connection.close()


def read(until: float) -> None:
    while time.monotonic() < until:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM mix ORDER BY id DESC LIMIT 500)"
                )
                cursor.fetchone()
        except OperationalError as error:
            failed.append(str(error))
        time.sleep(0.005)
    connection.close()


def main() -> None:
    if seconds == 0:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE mix (id INTEGER PRIMARY KEY, before INTEGER, text TEXT)")
        return
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=write, args=[until]) for _ in range(WRITERS)]
    threads.append(threading.Thread(target=read, args=[until]))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {"done": len(committed), "failed": len(failed), "slowest": max(times)}
    print(json.dumps(found))


main()

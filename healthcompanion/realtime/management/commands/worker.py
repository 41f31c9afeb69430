"""`manage.py worker`: jobs in a process of their own, beside the serving ones."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from healthcompanion.realtime.jobs import JobThread


class Command(BaseCommand):
    help = "Works on background jobs until it is told to stop (SIGTERM or SIGINT)."

    def handle(self, *args: Any, **options: Any) -> None:
        told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.set())
        jobs = JobThread()
        jobs.start()
        told.wait()
        jobs.stop(seconds=60)

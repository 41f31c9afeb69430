"""What has to happen by itself: rings that nobody answers, calls that everybody left, mails."""

import asyncio
import logging
import threading
import time

from django.db import Error
from django_tasks_db.management.commands.db_worker import Worker

from healthcompanion.calls import actions as calls
from healthcompanion.calls.models import Call
from healthcompanion.calls.news import channel_of
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core import events
from healthcompanion.notifications.actions import rescue_stuck_messages
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub

logger = logging.getLogger(__name__)
TICK_SECONDS = 1.0
SLOW_TICK_SECONDS = 30.0
RETENTION_SECONDS = 3600.0
ABANDONED_SECONDS = 120.0


class Upkeep:
    """The periodic work of one process. Each part may run twice without harm."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.empty_since: dict[int, float] = {}
        self.slow_at = 0.0
        self.retention_at = 0.0

    async def run(self) -> None:
        """Tick until cancelled; neither a database that is away nor one bad row ends it."""
        while True:
            try:
                await self.tick()
            except Exception:
                logger.exception("upkeep: this tick was cut short")
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self) -> None:
        await in_database(calls.expire_rings)
        if time.monotonic() >= self.slow_at:
            self.slow_at = time.monotonic() + SLOW_TICK_SECONDS
            self.hub.sweep()
            await in_database(self.end_abandoned_calls)
            await in_database(rescue_stuck_messages)
        if time.monotonic() >= self.retention_at:
            self.retention_at = time.monotonic() + RETENTION_SECONDS
            await in_database(apply_retention)

    def end_abandoned_calls(self) -> None:
        """End calls from which every page has been gone for two minutes (a lost socket is not)."""
        now = time.monotonic()
        active = Call.objects.filter(state=Call.State.ACTIVE).prefetch_related("participants")
        running = list(active)
        for call in running:
            if any(events.is_present(channel_of(place)) for place in call.participants.all()):
                self.empty_since.pop(call.pk, None)
            elif now - self.empty_since.setdefault(call.pk, now) >= ABANDONED_SECONDS:
                calls.end_call(call, actor=None)
        known = {call.pk for call in running}
        self.empty_since = {key: at for key, at in self.empty_since.items() if key in known}


class JobThread:
    """The job worker inside this process; big installations run worker processes beside it."""

    def __init__(self) -> None:
        self.worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=1.0,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="in-process",
        )
        self.thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.worker.running = False
        self.thread.join(timeout=5)

    def _run(self) -> None:
        while self.worker.running:
            try:
                self.worker.run()
            except Error:
                logger.exception("jobs: the database is not available")
                time.sleep(5)

"""What has to happen by itself: rings that nobody answers, calls that everybody left, mails."""

import asyncio
import contextlib
import logging
import time

from healthcompanion.appointments.reminding import send_due_reminders
from healthcompanion.calls import actions as calls
from healthcompanion.calls.models import UNENDED, Call
from healthcompanion.calls.news import channel_of
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core import events
from healthcompanion.core.jobs import rescue_orphans
from healthcompanion.core.planner import refresh_planner
from healthcompanion.guests import actions as guests
from healthcompanion.guests.queries import visits_without_call
from healthcompanion.notifications.actions import rescue_stuck_messages
from healthcompanion.organisations import licences
from healthcompanion.realtime.database import in_background, in_database
from healthcompanion.realtime.hub import Hub

logger = logging.getLogger(__name__)
TICK_SECONDS = 1.0
SLOW_TICK_SECONDS = 30.0
RETENTION_SECONDS = 3600.0
ABANDONED_SECONDS = 120.0
DEPARTED_SECONDS = 1800.0  # longer than the ten minutes that a locked phone may take (DEC-14)


class Upkeep:
    """The periodic work of one node. Each part may run on several at once without harm."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.calls = Absences(ABANDONED_SECONDS)
        self.visits = Absences(DEPARTED_SECONDS)
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
            if self.hub.bus.is_whole():
                await in_database(self.end_abandoned_calls)
                await in_database(self.close_abandoned_visits)
            else:  # who is on another node looks absent from here: what was seen does not count
                self.calls.since.clear()
                self.visits.since.clear()
            await in_database(licences.end_overdue)
            await in_database(rescue_orphans)
            await in_database(rescue_stuck_messages)
            await in_background(send_due_reminders)
        if time.monotonic() >= self.retention_at:
            self.retention_at = time.monotonic() + RETENTION_SECONDS
            await in_background(apply_retention)
            await in_background(refresh_planner)

    def end_abandoned_calls(self) -> None:
        """End calls from which every page has been gone for two minutes (a lost socket is not)."""
        active = Call.objects.filter(UNENDED, state=Call.State.ACTIVE)
        running = {call.pk: call for call in active}
        empty = {
            key
            for key, call in running.items()
            if not any(events.is_present(channel_of(place)) for place in call.members)
        }
        for key in self.calls.lasting(empty):
            calls.end_call(running[key], actor=None)

    def close_abandoned_visits(self) -> None:
        """Guests who closed the page without a word have left after half an hour."""
        waiting = {visit.pk: visit for visit in visits_without_call()}
        absent = {
            key
            for key, visit in waiting.items()
            if not events.is_present(events.guest_channel(visit.guest_id))
        }
        for key in self.visits.lasting(absent):
            with contextlib.suppress(guests.NotPossible):  # rung or back in this very moment
                guests.abandon(waiting[key])


class Absences:
    """Who has been missing for how long, as far as this process has seen."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.since: dict[int, float] = {}

    def lasting(self, missing: set[int]) -> list[int]:
        """Of those missing now, the ones who have been for `seconds`."""
        now = time.monotonic()
        self.since = {key: self.since.get(key, now) for key in missing}
        return [key for key, at in self.since.items() if now - at >= self.seconds]

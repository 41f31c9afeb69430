"""When a patient is reminded of an appointment: 24 hours and 1 hour before (DEC-12).

The rules alone, without a write: reminding.py asks them at each tick, and the wording once more at
the moment of sending, because hours may lie between the two (docs/decisions/0028-reminders.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from healthcompanion.appointments.models import (
    CHANGE,
    DAY_REMINDER,
    HANDOVER,
    HOUR_REMINDER,
    Appointment,
)
from healthcompanion.appointments.telling import open_ways
from healthcompanion.guests.models import Visit
from healthcompanion.notifications.models import Message

Channel, State = Message.Channel, Message.State


@dataclass(frozen=True)
class Reminder:
    """One of the two. Later than `grace` after its time it is not sent at all; whoever was written
    to within `quiet` before its time needs none."""

    kind: str
    grace: timedelta
    quiet: timedelta

    def due_at(self, starts_at: datetime, zone: ZoneInfo) -> datetime:
        """In UTC. A day before is the same time by the wall clock, which may be 23 to 25 hours."""
        if self.kind == HOUR_REMINDER:
            return starts_at.astimezone(UTC) - timedelta(hours=1)
        clock = starts_at.astimezone(zone).replace(tzinfo=None, fold=0)
        # A time that the clocks skip that night comes out as the moment an hour later by the wall.
        return (clock - timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC)


REMINDERS = (
    Reminder(DAY_REMINDER, grace=timedelta(hours=6), quiet=timedelta(hours=6)),
    Reminder(HOUR_REMINDER, grace=timedelta(minutes=45), quiet=timedelta(hours=1)),
)


def next_look(starts_at: datetime, zone: ZoneInfo, after: datetime) -> datetime | None:
    """When the next reminder becomes due; None where none is to come any more."""
    return min(
        (due for row in REMINDERS if (due := row.due_at(starts_at, zone)) > after), default=None
    )


def timely_reminder(appointment: Appointment, now: datetime) -> Reminder | None:
    """Which reminder would be right at this moment: the nearer one where both are due."""
    if not appointment.reminders or appointment.deleted_at or now >= appointment.starts_at:
        return None
    for row in reversed(REMINDERS):
        late = now - row.due_at(appointment.starts_at, appointment.organisation.zone)
        if timedelta(0) <= late < row.grace:
            return row
    return None


def ways_for(
    appointment: Appointment, reminder: Reminder, ways: Iterable[Message.Channel] = tuple(Channel)
) -> list[Message.Channel]:
    """Those of `ways` by which the patient knows of the appointment and has not just read of it."""
    if not appointment.patient.has_open_link or _is_here(appointment):
        return []
    return [way for way in ways if _is_wanted(appointment, reminder, way)]


def _is_here(appointment: Appointment) -> bool:
    return appointment.patient.visits.filter(state__in=Visit.HERE).exists()


def _is_wanted(appointment: Appointment, reminder: Reminder, way: Message.Channel) -> bool:
    last = appointment.delivery_by(way)
    if last is None or way not in open_ways(appointment):
        return False
    due = reminder.due_at(appointment.starts_at, appointment.organisation.zone)
    if last.created_at > due - reminder.quiet or last.state in (State.QUEUED, State.SENDING):
        return False  # what was written last says the same, and says it soon enough
    # The consultation that this message was about has begun already.
    if appointment.patient.visits.filter(consultation_at__gt=last.created_at).exists():
        return False
    # A notice of a change goes to those alone whom an invitation has reached.
    reached = last.state == State.SENT or last.reason == Message.Reason.UNCERTAIN
    return reached or last.kind in (CHANGE, HANDOVER)


def is_still_right(kind: str, reference: str, way: Message.Channel) -> bool:
    """Whether a reminder that was queued as `kind` would be true and of use if it went out now."""
    rows = Appointment.objects.select_related(
        "patient", "organisation", "delivery", "sms_delivery"
    ).filter(pk=reference)
    appointment = rows.first()
    reminder = timely_reminder(appointment, timezone.now()) if appointment else None
    if appointment is None or reminder is None or reminder.kind != kind:
        return False
    return way in ways_for(appointment, reminder, [way])

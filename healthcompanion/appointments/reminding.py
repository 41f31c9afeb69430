"""Reminding patients: what the periodic tick does, on as many nodes as there are."""

import logging

from django.db import transaction
from django.utils import timezone

from healthcompanion.appointments.actions import held_patient
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.refusals import AppointmentGone
from healthcompanion.appointments.reminders import next_look, timely_reminder, ways_for
from healthcompanion.appointments.telling import queue_reminder

BATCH = 200
logger = logging.getLogger(__name__)


def send_due_reminders() -> int:
    """Queue what is due and was not sent; how many messages that makes. At most 200 patients."""
    due = Appointment.objects.filter(remind_at__lte=timezone.now(), deleted_at=None)
    rows = due.select_related("patient", "organisation").order_by("remind_at")[:BATCH]
    return sum(_remind_safely(row) for row in rows)


def _remind_safely(appointment: Appointment) -> int:
    """One that cannot be reminded of must not hold up those behind it."""
    try:
        return _remind(appointment)
    except Exception:
        logger.exception("appointment %s: no reminder", appointment.pk)
        return 0


@transaction.atomic
def _remind(appointment: Appointment) -> int:
    """How many messages there were for us to queue. The mark moves on in the same transaction,
    and only where it stands as it was found: of two ticks at once, one wins."""
    found = appointment.remind_at
    try:
        held_patient(appointment)
    except AppointmentGone:
        return 0
    now = timezone.now()
    following = next_look(appointment.starts_at, appointment.organisation.zone, after=now)
    won = Appointment.objects.filter(pk=appointment.pk, remind_at=found).update(
        remind_at=following if appointment.reminders else None
    )
    reminder = timely_reminder(appointment, now)
    if not won or reminder is None:
        return 0
    ways = ways_for(appointment, reminder)
    for way in ways:
        queue_reminder(reminder.kind, appointment, way)
    return len(ways)

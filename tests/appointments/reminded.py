"""Appointments whose messages arrive at once, and ticks at a given time."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.models import DAY_REMINDER, HOUR_REMINDER, Appointment
from healthcompanion.appointments.reminding import send_due_reminders
from healthcompanion.notifications.models import Message
from tests.appointments.conftest import BERLIN, SetClock

State = Message.State
DAY, HOUR = (DAY_REMINDER, "email"), (HOUR_REMINDER, "email")


def agree(professional: User, start: str, **values: Any) -> Appointment:
    at = datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    agreed: dict[str, Any] = {
        "first_name": "Paul",
        "last_name": "Patient",
        "email": "paul@example.net",
        "by_email": True,
        "language": "de",
        "starts_at": at,
        "duration_minutes": 20,
    }
    appointment = actions.create_appointment(
        professional.membership.organisation,
        professional,
        created_by=professional,
        **(agreed | values),
    )
    settle()
    return appointment


def settle(state: str = State.SENT) -> None:
    Message.objects.filter(state=State.QUEUED).update(state=state, sent_at=timezone.now())


def move(appointment: Appointment, start: str, **values: Any) -> None:
    row = Appointment.objects.select_related("patient").get(pk=appointment.pk)
    actions.change_appointment(
        row,
        actor=row.professional,
        **{
            "first_name": row.patient.first_name,
            "last_name": row.patient.last_name,
            "email": row.patient.email,
            "mobile": row.patient.phone,
            "language": row.patient.language,
            "starts_at": datetime.fromisoformat(start).replace(tzinfo=BERLIN),
            "duration_minutes": row.duration_minutes,
            **values,
        },
    )
    settle()


def reminders() -> list[tuple[str, str]]:
    rows = Message.objects.filter(kind__in=[DAY_REMINDER, HOUR_REMINDER]).order_by("id")
    return [(row.kind, row.channel) for row in rows]


def tick(set_clock: SetClock, at: str) -> list[tuple[str, str]]:
    """What one tick at that time in Berlin queues; it arrives at once."""
    set_clock(at)
    before = len(reminders())
    send_due_reminders()
    settle()
    return reminders()[before:]

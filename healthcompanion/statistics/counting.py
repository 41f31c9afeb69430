"""Counts a call when it ends and an invitation when it is sent, in their own transactions."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.signals import patient_invited
from healthcompanion.calls.models import Call
from healthcompanion.calls.signals import call_ended
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.models import DayCount

FIGURES = ("calls", "seconds", "missed", "declined", "invitations")


def connect() -> None:
    """Called once, when the applications are ready."""
    call_ended.connect(_call_ended)
    patient_invited.connect(_patient_invited)


def figures_of(call: Call) -> dict[str, int]:
    """What an ended call adds to its day. A ring that nobody heard to its end is missed."""
    if call.outcome == Call.Outcome.COMPLETED:
        return {"calls": 1, "seconds": round(call.duration.total_seconds())}
    return {"declined" if call.outcome == Call.Outcome.DECLINED else "missed": 1}


def day_of(moment: datetime, organisation: Organisation) -> date:
    """The day in the organisation's zone."""
    return moment.astimezone(organisation.zone).date()


def _call_ended(sender: Any, call: Call, **kwargs: Any) -> None:
    day = day_of(call.rang_at, call.organisation)
    add(call.organisation_id, call.initiator_id, day, figures_of(call))


def _patient_invited(
    sender: Any, appointment: Appointment, message: Message, **kwargs: Any
) -> None:
    if message.sender_id is not None:
        day = day_of(message.created_at, appointment.organisation)
        add(appointment.organisation_id, message.sender_id, day, {"invitations": 1})


@transaction.atomic
def add(organisation_id: int, user_id: int, day: date, figures: dict[str, int]) -> None:
    """Add to one member's day, however many do so at once."""
    rows = DayCount.objects.filter(organisation=organisation_id, user=user_id, day=day)
    more = {name: F(name) + number for name, number in figures.items()}
    if rows.update(**more):
        return
    try:
        with transaction.atomic():
            DayCount.objects.create(
                organisation_id=organisation_id, user_id=user_id, day=day, **figures
            )
    except IntegrityError:  # somebody began the day in this very moment
        rows.update(**more)

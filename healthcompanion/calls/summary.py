"""What a call's people are told once it is over: `CallSummary` of docs/protocol.md."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.queries import waiting_now
from healthcompanion.calls.models import CallParticipant
from healthcompanion.calls.ratings import may_rate
from healthcompanion.guests.models import Visit

Mode = CallParticipant.Mode
WAITING = Visit.State.WAITING


def call_summary(place: CallParticipant) -> dict[str, Any]:
    """How long they took part, and how it ran."""
    return {
        "seconds": round(place.duration.total_seconds()),
        "mode": _mode(place),
        "may_rate": may_rate(place),
    }


def summary_for_host(place: CallParticipant, host: User) -> dict[str, Any]:
    """The same, with what a professional does next: the appointment, and who waits longest."""
    appointment = getattr(place.call.guest, "appointment", None)
    waiting = [row for row in waiting_now(host) if row.visit and row.visit.state == WAITING]
    following = min(waiting, key=_waiting_since, default=None)
    return {
        **call_summary(place),
        "appointment_url": appointment.get_absolute_url() if appointment else "",
        "follow_up_url": (
            f"{reverse('appointments:appointment-create')}?person={appointment.code}"
            if appointment
            else ""
        ),
        "waiting": len(waiting),
        "next": following
        and {
            "name": following.patient.full_name,
            "other_name": following.visit.other_name if following.visit else "",
            "since": following.visit.waiting_at if following.visit else None,
            "call_url": reverse("calls:call-create", args=[following.code]),
        },
    }


def _waiting_since(row: Appointment) -> datetime:
    return (row.visit.waiting_at if row.visit else None) or row.starts_at


def _mode(place: CallParticipant) -> str:
    """Relayed, where anybody's page saw a relay; "" where none could tell."""
    met = place.call.participants.all()
    if place.left_at is not None:  # nothing of who came after them
        met = met.filter(joined_at__lt=place.left_at)
    modes = set(met.values_list("mode", flat=True))
    return next((mode.value for mode in (Mode.RELAYED, Mode.DIRECT) if mode in modes), "")

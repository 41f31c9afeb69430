"""What happened around an appointment, in words: the audit trail as its professional reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthcompanion.appointments.models import Appointment
from healthcompanion.core.audit import reference
from healthcompanion.core.models import AuditEntry

TEXTS: dict[str, str | Promise] = {
    "appointment.created": _("Appointment created"),
    "appointment.moved": _("Appointment moved to %(start)s"),
    "appointment.changed": _("Appointment changed (%(fields)s)"),
    "invitation.queued": _("Invitation handed to the mail service"),
    "change.queued": _("Notice of the new time handed to the mail service"),
    "link.asked": _("Patient asked for the link again"),
    "link.replaced": _("New link created, the former one no longer works"),
    "visit.announced": _("Patient pressed “Take part”"),
    "visit.waiting": _("Patient entered the waiting room"),
    "visit.left": _("Patient left the waiting room"),
    "call.started": _("Call started"),
    "call.accepted": _("Patient accepted the call"),
    "call.declined": _("Patient declined the call"),
    "call.missed": _("Call was not answered"),
    "call.cancelled": _("Call was cancelled"),
    "call.completed": _("Consultation ended after %(duration)s min"),
}


FIELDS: dict[str, Promise] = {
    "name": _("name"),
    "email": _("e-mail address"),
    "language": _("language"),
    "duration": _("duration"),
}


@dataclass(frozen=True)
class Happening:
    """One line of the history."""

    at: datetime
    text: str


def history_of(appointment: Appointment) -> list[Happening]:
    """The last fifty things that happened, newest first."""
    entries = AuditEntry.objects.filter(subject=reference(appointment.patient)).order_by("-id")
    lines = [
        Happening(entry.created_at, _text(entry.action, entry.data))
        for entry in entries[:50]
        if entry.action in TEXTS
    ]
    delivery = appointment.delivery
    if delivery is not None and delivery.sent_at is not None:
        lines.append(Happening(delivery.sent_at, str(_delivered(delivery.kind))))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _delivered(kind: str) -> Promise:
    if kind == "appointment.change":
        return _("Notice of the new time delivered by e-mail")
    return _("Invitation delivered by e-mail")


def _text(action: str, data: dict[str, Any]) -> str:
    text = str(TEXTS[action])
    if action == "call.completed":
        minutes, seconds = divmod(int(timedelta(seconds=data["seconds"]).total_seconds()), 60)
        return text % {"duration": f"{minutes}:{seconds:02d}"}
    if action == "appointment.moved":
        start = timezone.localtime(datetime.fromisoformat(data["starts_at"]))
        day, clock = date_format(start, "SHORT_DATE_FORMAT"), date_format(start, "TIME_FORMAT")
        return text % {"start": f"{day}, {clock}"}
    if action == "appointment.changed":
        return text % {"fields": ", ".join(str(FIELDS[name]) for name in data["fields"])}
    return text

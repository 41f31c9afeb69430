"""What happened around an appointment, in words: the audit trail as its professional reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthcompanion.appointments.models import (
    CHANGE,
    DAY_REMINDER,
    HANDOVER,
    HOUR_REMINDER,
    INVITATION,
    Appointment,
)
from healthcompanion.core.audit import reference
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message

Channel = Message.Channel
TEXTS: dict[str, str | Promise] = {
    "appointment.created": _("Appointment created"),
    "appointment.moved": _("Appointment moved to %(start)s"),
    "appointment.changed": _("Appointment changed (%(fields)s)"),
    "appointment.handed-over": _("Appointment handed over"),
    "invitation.queued": _("Invitation handed to the mail service"),
    "invitation.queued sms": _("Invitation handed to the SMS service"),
    "change.queued": _("Notice of the new time handed to the mail service"),
    "link.asked": _("Patient asked for the link again"),
    "change.queued sms": _("Notice of the new time handed to the SMS service"),
    "handover.queued": _("Notice of the handover handed to the mail service"),
    "handover.queued sms": _("Notice of the handover handed to the SMS service"),
    "reminder.queued": _("Reminder handed to the mail service"),
    "reminder.queued sms": _("Reminder handed to the SMS service"),
    "link.replaced": _("New link created, the former one no longer works"),
    "check.made green": _("Patient checked the device: ready"),
    "check.made yellow": _("Patient checked the device: with limits"),
    "check.made red": _("Patient checked the device: needs help"),
    "appointment.cancelled": _("Patient cancelled the appointment"),
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
    "mobile": _("mobile number"),
    "language": _("language"),
    "duration": _("duration"),
    "reminders": _("reminders"),
}

# By kind, way, and whether it arrived.
OUTCOMES: dict[tuple[str, str, bool], Promise] = {
    (INVITATION, Channel.EMAIL, True): _("Invitation delivered by e-mail"),
    (INVITATION, Channel.EMAIL, False): _("Invitation by e-mail not delivered"),
    (INVITATION, Channel.SMS, True): _("Invitation delivered by SMS"),
    (INVITATION, Channel.SMS, False): _("Invitation by SMS not delivered"),
    (CHANGE, Channel.EMAIL, True): _("Notice of the new time delivered by e-mail"),
    (CHANGE, Channel.EMAIL, False): _("Notice of the new time by e-mail not delivered"),
    (CHANGE, Channel.SMS, True): _("Notice of the new time delivered by SMS"),
    (CHANGE, Channel.SMS, False): _("Notice of the new time by SMS not delivered"),
    (HANDOVER, Channel.EMAIL, True): _("Notice of the handover delivered by e-mail"),
    (HANDOVER, Channel.EMAIL, False): _("Notice of the handover by e-mail not delivered"),
    (HANDOVER, Channel.SMS, True): _("Notice of the handover delivered by SMS"),
    (HANDOVER, Channel.SMS, False): _("Notice of the handover by SMS not delivered"),
}
REMINDER_OUTCOMES: dict[tuple[str, bool], Promise] = {
    (Channel.EMAIL, True): _("Reminder delivered by e-mail"),
    (Channel.EMAIL, False): _("Reminder by e-mail not delivered"),
    (Channel.SMS, True): _("Reminder delivered by SMS"),
    (Channel.SMS, False): _("Reminder by SMS not delivered"),
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
        Happening(entry.created_at, _text(_key(entry), entry.data))
        for entry in entries[:50]
        if _key(entry) in TEXTS
    ]
    told = [*appointment.deliveries, *_reminders(appointment)]
    lines += [line for message in told if (line := _outcome(message))]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _key(entry: AuditEntry) -> str:
    if "light" in entry.data:
        return f"{entry.action} {entry.data['light']}"
    sms = entry.data.get("channel") == Channel.SMS
    return f"{entry.action} sms" if sms else entry.action


def _reminders(appointment: Appointment) -> list[Message]:
    kinds = (DAY_REMINDER, HOUR_REMINDER)
    return list(Message.objects.filter(kind__in=kinds, reference=str(appointment.pk)))


def _outcome(delivery: Message) -> Happening | None:
    """Whether a message arrived, and why not."""

    def text(arrived: bool) -> Promise:
        if delivery.kind in (DAY_REMINDER, HOUR_REMINDER):
            return REMINDER_OUTCOMES[delivery.channel, arrived]
        return OUTCOMES[delivery.kind, delivery.channel, arrived]

    if delivery.sent_at is not None:
        return Happening(delivery.sent_at, str(text(True)))
    if delivery.failed_at is not None:
        return Happening(delivery.failed_at, f"{text(False)}: {delivery.get_reason_display()}")
    return None


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

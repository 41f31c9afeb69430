"""SMS to patients: one SMS long, no medical words, and no name but the host's (DEC-12).

A locked telephone shows them to everybody, so the practice's name, which may tell a speciality,
and the host's title stay out.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import (
    CANCELLATION,
    CHANGE,
    DAY_REMINDER,
    HANDOVER,
    HOUR_REMINDER,
    INVITATION,
    Appointment,
)
from healthcompanion.appointments.queries import appointment_to_tell_of
from healthcompanion.appointments.reminders import is_still_right
from healthcompanion.notifications.gsm7 import ONE_SMS, folded, length
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Text, renders

SMS = Message.Channel.SMS
SHORTEST_NAME = 3
Sentence = Callable[[Appointment, datetime], str]


@renders(INVITATION, SMS)
def invitation(reference: str) -> Text | None:
    """The invitation with the link; None once the appointment is off."""
    return _text(reference, _invited, off=False)


@renders(CHANGE, SMS, harmless_twice=True)
def change(reference: str) -> Text | None:
    """The notice of a new time, with the link; None once the appointment is off."""
    return _text(reference, _moved, off=False)


@renders(HANDOVER, SMS, harmless_twice=True)
def handover(reference: str) -> Text | None:
    """The notice that somebody else holds it, with the link; None once the appointment is off."""
    return _text(reference, _handed_over, off=False)


@renders(CANCELLATION, SMS, harmless_twice=True)
def cancellation(reference: str) -> Text | None:
    """The notice that an appointment will not take place."""
    return _text(reference, _cancelled, off=True)


@renders(DAY_REMINDER, SMS)
def day_reminder(reference: str) -> Text | None:
    """The reminder a day before; None where it came too late or has become wrong."""
    return _reminder(DAY_REMINDER, reference)


@renders(HOUR_REMINDER, SMS)
def hour_reminder(reference: str) -> Text | None:
    """The reminder an hour before; None where it came too late or has become wrong."""
    return _reminder(HOUR_REMINDER, reference)


def _reminder(kind: str, reference: str) -> Text | None:
    if not is_still_right(kind, reference, SMS):
        return None
    return _text(reference, _reminded, off=False)


def _text(reference: str, say: Sentence, *, off: bool) -> Text | None:
    appointment = appointment_to_tell_of(reference, off=off)
    if appointment is None or not appointment.patient.phone:
        return None
    patient = appointment.patient
    with translation.override(patient.language), timezone.override(appointment.organisation.zone):
        start = timezone.localtime(appointment.starts_at)
        text = _with_host(say(appointment, start), appointment.professional)
    return Text(to=patient.phone, to_name=patient.full_name, text=text)


def _invited(appointment: Appointment, start: datetime) -> str:
    return _(
        "%(host)s invites you to a video conversation: %(day)s, %(time)s, about %(minutes)s min."
        " %(url)s"
    ) % _filled(appointment, start)


def _moved(appointment: Appointment, start: datetime) -> str:
    return _(
        "New time of the video conversation with %(host)s: %(day)s, %(time)s,"
        " about %(minutes)s min. %(url)s"
    ) % _filled(appointment, start)


def _handed_over(appointment: Appointment, start: datetime) -> str:
    return _(
        "Your video conversation is with %(host)s now: %(day)s, %(time)s, about %(minutes)s min."
        " %(url)s"
    ) % _filled(appointment, start)


def _reminded(appointment: Appointment, start: datetime) -> str:
    return _(
        "Reminder: video conversation with %(host)s on %(day)s at %(time)s. %(url)s"
    ) % _filled(appointment, start)


def _cancelled(appointment: Appointment, start: datetime) -> str:
    return _(
        "The video conversation with %(host)s on %(day)s at %(time)s will not take place."
        " Your link no longer works."
    ) % _filled(appointment, start)


def _filled(appointment: Appointment, start: datetime) -> dict[str, object]:
    """What a sentence says, with the host's place still open."""
    return {
        "host": "%(host)s",
        "day": date_format(start, "SHORT_DATE_FORMAT"),
        "time": date_format(start, "TIME_FORMAT"),
        "minutes": appointment.duration_minutes,
        "url": appointment.link_url,
    }


def _with_host(words: str, host: User) -> str:
    """The host by name, or by as much of it as one SMS has room for."""
    before, after = (folded(part) for part in words.split("%(host)s"))
    room = ONE_SMS - length(before) - length(after)
    full, short = folded(f"{host.first_name} {host.last_name}"), folded(host.last_name)
    if length(full) <= room:
        return before + full + after
    if length(short) > room > SHORTEST_NAME:
        short = short[: room - 1].rstrip() + "."
    return before + short + after

"""Mails to patients; what is new comes with a calendar file.

No medical words, and no name but the salutation (DEC-12).
"""

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healthcompanion.appointments.calendar_file import calendar_file
from healthcompanion.appointments.models import DAY_REMINDER, HANDOVER, HOUR_REMINDER
from healthcompanion.appointments.queries import appointment_to_tell_of
from healthcompanion.appointments.reminders import is_still_right
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, compose, renders


@renders("appointment.invitation")
def invitation(reference: str) -> Mail | None:
    """The invitation with the link; None once the appointment is off."""
    return _mail(reference, "invitation", off=False)


@renders("appointment.change", harmless_twice=True)
def change(reference: str) -> Mail | None:
    """The notice of a new time, with the link; None once the appointment is off."""
    return _mail(reference, "change", off=False)


@renders(HANDOVER, harmless_twice=True)
def handover(reference: str) -> Mail | None:
    """The notice that somebody else holds it, with the link; None once the appointment is off."""
    return _mail(reference, "handover", off=False)


@renders("appointment.cancellation", harmless_twice=True)
def cancellation(reference: str) -> Mail | None:
    """The notice that an appointment will not take place."""
    return _mail(reference, "cancellation", off=True)


@renders(DAY_REMINDER)
def day_reminder(reference: str) -> Mail | None:
    """The reminder a day before; None where it came too late or has become wrong."""
    return _reminder(DAY_REMINDER, reference)


@renders(HOUR_REMINDER)
def hour_reminder(reference: str) -> Mail | None:
    """The reminder an hour before; None where it came too late or has become wrong."""
    return _reminder(HOUR_REMINDER, reference)


def _reminder(kind: str, reference: str) -> Mail | None:
    if not is_still_right(kind, reference, Message.Channel.EMAIL):
        return None
    return _mail(reference, "reminder", off=False)


def _mail(reference: str, name: str, *, off: bool) -> Mail | None:
    appointment = appointment_to_tell_of(reference, off=off)
    if appointment is None or not appointment.patient.email:
        return None
    patient = appointment.patient
    with translation.override(patient.language), timezone.override(appointment.organisation.zone):
        start = timezone.localtime(appointment.starts_at)
        day = date_format(start, "SHORT_DATE_FORMAT")
        subjects = {
            "invitation": _("Your online appointment on %(day)s"),
            "change": _("Your online appointment is now on %(day)s"),
            "handover": _("Your online appointment on %(day)s is with somebody else"),
            "cancellation": _("Your online appointment on %(day)s is cancelled"),
            "reminder": _("Reminder: your online appointment on %(day)s"),
        }
        return compose(
            f"appointments/email/{name}",
            to=patient.email,
            to_name=patient.full_name,
            subject=subjects[name] % {"day": day},
            language=patient.language,
            context={
                "appointment": appointment,
                "start": start,
                "url": appointment.link_url,
                "check_url": appointment.check_url,
            },
            # The entry that a reminder speaks of is in the calendar already.
            attachments=() if name == "reminder" else (calendar_file(appointment),),
        )

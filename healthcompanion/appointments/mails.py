"""Mails to patients, each with its calendar file.

No medical words, and no name but the salutation (DEC-12).
"""

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healthcompanion.appointments.calendar_file import calendar_file
from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications.wording import Mail, compose, renders


@renders("appointment.invitation")
def invitation(reference: str) -> Mail | None:
    """The invitation with the link; None once the appointment is deleted."""
    return _mail(reference, "invitation", deleted=False)


@renders("appointment.change", harmless_twice=True)
def change(reference: str) -> Mail | None:
    """The notice of a new time, with the link; None once the appointment is deleted."""
    return _mail(reference, "change", deleted=False)


@renders("appointment.cancellation", harmless_twice=True)
def cancellation(reference: str) -> Mail | None:
    """The notice that an appointment will not take place."""
    return _mail(reference, "cancellation", deleted=True)


def _mail(reference: str, name: str, *, deleted: bool) -> Mail | None:
    appointment = (
        Appointment.objects.select_related("patient", "professional", "organisation")
        .filter(pk=reference, deleted_at__isnull=not deleted)
        .first()
    )
    if appointment is None or not appointment.patient.email:
        return None
    patient = appointment.patient
    with translation.override(patient.language), timezone.override(appointment.organisation.zone):
        start = timezone.localtime(appointment.starts_at)
        day = date_format(start, "SHORT_DATE_FORMAT")
        subjects = {
            "invitation": _("Your online appointment on %(day)s"),
            "change": _("Your online appointment is now on %(day)s"),
            "cancellation": _("Your online appointment on %(day)s is cancelled"),
        }
        return compose(
            f"appointments/email/{name}",
            to=patient.email,
            to_name=patient.full_name,
            subject=subjects[name] % {"day": day},
            language=patient.language,
            context={"appointment": appointment, "start": start, "url": appointment.link_url},
            attachments=(calendar_file(appointment),),
        )

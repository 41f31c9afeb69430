"""The form "Termin bearbeiten": the same questions about an appointment that exists (DEC-12)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from healthcompanion.appointments.forms import AppointmentForm
from healthcompanion.appointments.models import Appointment
from healthcompanion.core.phones import readable
from healthcompanion.organisations.rules import sms_offer

QUESTIONS = (
    "first_name",
    "last_name",
    "email",
    "by_sms",
    "mobile",
    "language",
    "date",
    "time",
    "duration_minutes",
    "reminders",
)


class EditForm(AppointmentForm):
    """Who, how to reach them, when. The agreement to be written to stands already."""

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        zone = appointment.organisation.zone
        self.agreed: datetime = timezone.localtime(appointment.starts_at, zone)
        patient = appointment.patient
        initial = {
            "first_name": patient.first_name,
            "last_name": patient.last_name,
            "email": patient.email,
            "by_sms": bool(patient.phone),
            "mobile": readable(patient.phone),
            "language": patient.language,
            "date": self.agreed.date(),
            "time": self.agreed.time(),
            "duration_minutes": appointment.duration_minutes,
            "reminders": appointment.reminders,
        }
        super().__init__(
            *args,
            zone=zone,
            region=appointment.organisation.country,
            sms=sms_offer(appointment.organisation),
            initial=initial,
            **kwargs,
        )
        self.fields = {name: self.fields[name] for name in QUESTIONS}

    def clean(self) -> dict[str, Any]:
        """As for a new appointment; who has neither address nor number gets the link by hand."""
        cleaned = super(AppointmentForm, self).clean() or {}
        self._clean_mobile(cleaned)
        self._clean_start(cleaned)
        return cleaned

    def _clean_start(self, cleaned: dict[str, Any]) -> None:
        agreed = self.agreed.replace(second=0, microsecond=0)
        if (cleaned.get("date"), cleaned.get("time")) == (agreed.date(), agreed.time()):
            cleaned["starts_at"] = self.agreed  # not moved, and so never too late
        else:
            super()._clean_start(cleaned)

"""Who takes part beside a patient: a relative, an interpreter, a colleague (A23)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from healthcompanion.guests.models import Guest

SHORTEST_LINK = timedelta(hours=2)  # for a consultation late in the evening


def add_companion(
    patient: Guest,
    *,
    role: str,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    language: str,
) -> Guest:
    """A new guest beside `patient`; the link works until the end of the practice's day."""
    now = timezone.now()
    return Guest.objects.create(
        organisation=patient.organisation,
        host=patient.host,
        companion_of=patient,
        role=role,
        first_name=first_name,
        last_name=last_name,
        email=email.lower(),
        phone=phone,
        language=language,
        scheduled_at=now,
        link_expires_at=max(_end_of_day(patient, now), now + SHORTEST_LINK),
    )


def _end_of_day(patient: Guest, now: datetime) -> datetime:
    zone = patient.organisation.zone
    following = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, time.min, tzinfo=zone)

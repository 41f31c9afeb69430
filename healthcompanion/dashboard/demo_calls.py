"""What was in the weeks before the demo began: video visits with residents, most of them held."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.signals import call_ended
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.organisations.models import Membership

Outcome = Call.Outcome
# Days ago, clock, minutes of the consultation; where there are none, what came of the call.
PAST: tuple[tuple[int, time, int, str], ...] = (
    (1, time(9, 30), 14, Outcome.COMPLETED),
    (1, time(14, 0), 0, Outcome.MISSED),
    (3, time(10, 15), 22, Outcome.COMPLETED),
    (6, time(9, 0), 9, Outcome.COMPLETED),
    (6, time(16, 30), 17, Outcome.COMPLETED),
    (8, time(11, 45), 0, Outcome.DECLINED),
    (9, time(11, 45), 31, Outcome.COMPLETED),
    (13, time(9, 30), 12, Outcome.COMPLETED),
    (16, time(15, 0), 0, Outcome.CANCELLED),
    (20, time(10, 0), 18, Outcome.COMPLETED),
)


def hold_past_calls(doctor: User, residents: tuple[tuple[str, str], ...]) -> None:
    """Appointments of the last weeks with their calls; nobody is written to."""
    zone = Membership.objects.get(user=doctor).organisation.zone
    for number, (days, clock, minutes, outcome) in enumerate(PAST):
        day = timezone.localdate(timezone=zone) - timedelta(days=days)
        start = datetime.combine(day, clock, tzinfo=zone)
        guest = _visitor(doctor, *residents[number % len(residents)], start)
        _call(doctor, guest, start + timedelta(minutes=1), minutes, outcome)


def _visitor(doctor: User, first_name: str, last_name: str, start: datetime) -> Guest:
    organisation = Membership.objects.get(user=doctor).organisation
    guest = Guest.objects.create(
        organisation=organisation,
        host=doctor,
        first_name=first_name,
        last_name=last_name,
        email=f"{first_name}.{last_name}@example.org".lower(),
        scheduled_at=start,
        link_expires_at=start + timedelta(days=92),
    )
    Appointment.objects.create(
        organisation=organisation,
        professional=doctor,
        created_by=doctor,
        patient=guest,
        starts_at=start,
        duration_minutes=20,
        message_consent_at=start,
    )
    return guest


def _call(doctor: User, guest: Guest, rang_at: datetime, minutes: int, outcome: str) -> None:
    accepted_at = rang_at + timedelta(seconds=6) if minutes else None
    ended_at = rang_at + timedelta(minutes=minutes, seconds=40)
    call = Call.objects.create(
        organisation=guest.organisation,
        initiator=doctor,
        guest=guest,
        state=Call.State.ENDED,
        outcome=outcome,
        rang_at=rang_at,
        accepted_at=accepted_at,
        ended_at=ended_at,
    )
    CallParticipant.objects.create(call=call, user=doctor, joined_at=rang_at)
    CallParticipant.objects.create(call=call, guest=guest, joined_at=accepted_at)
    Visit.objects.create(
        guest=guest,
        state=Visit.State.ENDED if accepted_at else Visit.State.LEFT,
        confirmed_name=guest.full_name,
        waiting_at=rang_at - timedelta(minutes=4),
        called_at=rang_at,
        consultation_at=accepted_at,
        ended_at=ended_at,
    )
    call_ended.send(Call, call=call)

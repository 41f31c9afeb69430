"""What changes appointments."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import audit
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications import actions as notifications
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.queries import has_gone_out
from healthcompanion.organisations.models import Organisation

RESEND_PAUSE = timedelta(minutes=1)


class SentJustNow(Exception):
    """The last invitation is on its way still, or went out within the last minute."""


class ConsultationRunning(Exception):
    """The appointment cannot go away while its consultation is being held."""


@transaction.atomic
def create_appointment(
    organisation: Organisation,
    professional: User,
    *,
    created_by: User,
    first_name: str,
    last_name: str,
    email: str,
    by_email: bool,
    language: str,
    starts_at: datetime,
    duration_minutes: int,
) -> Appointment:
    """Create an appointment with its patient and, where `by_email`, send the invitation.

    `starts_at` is aware, `duration_minutes` between 5 and 480. The caller has the patient's
    agreement to be written to, which is recorded with this moment.
    """
    patient = guests.add_guest(
        organisation,
        professional,
        first_name=first_name,
        last_name=last_name,
        email=email,
        language=language,
        scheduled_at=starts_at,
    )
    appointment = Appointment.objects.create(
        organisation=organisation,
        professional=professional,
        created_by=created_by,
        patient=patient,
        starts_at=starts_at,
        duration_minutes=duration_minutes,
        message_consent_at=timezone.now(),
    )
    audit.record("appointment.created", patient, actor=created_by, organisation_id=organisation.pk)
    if by_email:
        send_invitation(appointment, actor=created_by)
    return appointment


@transaction.atomic
def send_invitation(appointment: Appointment, *, actor: User) -> None:
    """Queue the invitation mail and remember it as the appointment's delivery."""
    appointment.delivery = notifications.queue_message(
        "appointment.invitation",
        str(appointment.pk),
        organisation=appointment.organisation,
        sender=actor,
    )
    appointment.save(update_fields=["delivery"])
    audit.record(
        "invitation.queued",
        appointment.patient,
        actor=actor,
        organisation_id=appointment.organisation_id,
    )


def send_invitation_again(appointment: Appointment, *, actor: User) -> None:
    """The same mail once more. Raises SentJustNow where that would only double it."""
    last = appointment.delivery
    if last is not None:
        on_its_way = last.state in (Message.State.QUEUED, Message.State.SENDING)
        if on_its_way or last.created_at > timezone.now() - RESEND_PAUSE:
            raise SentJustNow
    send_invitation(appointment, actor=actor)


def _has_invitation_in_hand(appointment: Appointment) -> bool:
    """Whether any invitation went out that a cancellation could refer to."""
    return has_gone_out("appointment.invitation", str(appointment.pk))


@transaction.atomic
def delete_appointment(appointment: Appointment, *, actor: User) -> None:
    """The appointment leaves the lists, its link dies, and the patient hears of it by mail.

    Raises ConsultationRunning while the patient is being called or in the consultation.
    Deleting twice is not an error.
    """
    Guest.objects.select_for_update().get(pk=appointment.patient_id)  # no ring in between
    busy = (Visit.State.CALLED, Visit.State.CONSULTATION)
    if appointment.patient.visits.filter(state__in=busy).exists():
        raise ConsultationRunning
    changed = Appointment.objects.filter(pk=appointment.pk, deleted_at=None).update(
        deleted_at=timezone.now(), calendar_sequence=F("calendar_sequence") + 1
    )
    if not changed:
        return
    guests.close_link(appointment.patient, actor=actor)
    if _has_invitation_in_hand(appointment) and not appointment.is_past:
        notifications.queue_message(
            "appointment.cancellation",
            str(appointment.pk),
            organisation=appointment.organisation,
            sender=actor,
        )
    audit.record(
        "appointment.deleted",
        appointment.patient,
        actor=actor,
        organisation_id=appointment.organisation_id,
    )

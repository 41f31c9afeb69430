"""What changes appointments."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.queries import coming_appointments_of
from healthcompanion.core import audit
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications import actions as notifications
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.queries import has_gone_out
from healthcompanion.organisations.models import Organisation

RESEND_PAUSE = timedelta(minutes=1)
ASKING_PAUSE = timedelta(minutes=10)  # nobody fills somebody else's mailbox
INVITATION, CHANGE, CANCELLATION = (
    "appointment.invitation",
    "appointment.change",
    "appointment.cancellation",
)
QUEUED = {INVITATION: "invitation.queued", CHANGE: "change.queued"}


class SentJustNow(Exception):
    """The last invitation is on its way still, or went out within the last minute."""


class ConsultationRunning(Exception):
    """The appointment stays as it is while its consultation is being held."""


class NoAddress(Exception):
    """There is no e-mail address that an invitation could go to."""


class AppointmentOver(Exception):
    """Nobody is invited to what is past."""


class PatientIsHere(Exception):
    """The change would show out a patient who has arrived through the link."""


class AppointmentGone(Exception):
    """Deleted in the meantime, perhaps in another window."""


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
def change_appointment(
    appointment: Appointment,
    *,
    actor: User,
    first_name: str,
    last_name: str,
    email: str,
    language: str,
    starts_at: datetime,
    duration_minutes: int,
) -> str:
    """Change or move an appointment (DEC-12); the kind of mail that tells the patient, or "".

    Raises ConsultationRunning, AppointmentGone, or PatientIsHere where a new address would make
    the link that the patient came in by invalid.
    """
    guest = _undisturbed_patient(appointment)
    changed = {
        "name": (first_name, last_name) != (guest.first_name, guest.last_name),
        "email": email.lower() != guest.email,
        "language": language != guest.language,
        "duration": duration_minutes != appointment.duration_minutes,
    }
    moved = starts_at != appointment.starts_at
    if not moved and not any(changed.values()):
        return ""
    # Who got the link at the former address must not come in by it.
    strayed = changed["email"] and bool(email) and _has_invitation_in_hand(appointment)
    if strayed and guest.visits.exclude(state__in=Visit.OVER).exists():
        raise PatientIsHere
    guests.change_guest(
        guest,
        first_name=first_name,
        last_name=last_name,
        email=email,
        language=language,
        scheduled_at=starts_at,
    )
    if moved or changed["duration"]:
        _set_time(appointment, starts_at, duration_minutes)
    if moved:
        _record("appointment.moved", appointment, actor, starts_at=starts_at.isoformat())
    if fields := [name for name, differs in changed.items() if differs]:
        _record("appointment.changed", appointment, actor, fields=fields)
    if strayed:
        _replace_link(appointment, actor)
    if changed["email"]:
        return _tell_new_address(appointment, actor)
    return _tell_new_time(appointment, actor) if moved or changed["duration"] else ""


def _set_time(appointment: Appointment, starts_at: datetime, duration_minutes: int) -> None:
    appointment.starts_at, appointment.duration_minutes = starts_at, duration_minutes
    appointment.calendar_sequence += 1
    appointment.save(update_fields=["starts_at", "duration_minutes", "calendar_sequence"])


def _tell_new_address(appointment: Appointment, actor: User) -> str:
    """The invitation to the new address, where there is one."""
    if not appointment.patient.email:
        appointment.delivery = None
        appointment.save(update_fields=["delivery"])
    if not appointment.patient.email or appointment.is_past:
        return ""
    send_invitation(appointment, actor=actor)
    return INVITATION


def _tell_new_time(appointment: Appointment, actor: User) -> str:
    """The mail about a new time, for whoever was invited by mail."""
    last = appointment.delivery
    if last is None or not appointment.patient.email or appointment.is_past:
        return ""
    if last.state == Message.State.QUEUED:
        return last.kind  # is put into words when it goes out
    kind = CHANGE if _has_invitation_in_hand(appointment) else INVITATION
    _queue(kind, appointment, actor)
    return kind


@transaction.atomic
def send_lost_links(email: str) -> None:
    """Send the links of all coming appointments of `email` to it, as its owner asked (DEC-13).

    Nothing happens where there are none, or where a mail went to them only just now.
    """
    for appointment in coming_appointments_of(email):
        _held_patient(appointment)
        last = appointment.delivery
        if last is None or last.created_at < timezone.now() - ASKING_PAUSE:
            _record("link.asked", appointment, None)
            _queue(INVITATION, appointment, None)


@transaction.atomic
def replace_link(appointment: Appointment, *, actor: User, by_email: bool) -> bool:
    """The patient's link dies and a new one takes its place; whether a mail brings it (DEC-13).

    Raises ConsultationRunning and AppointmentGone.
    """
    guest = _undisturbed_patient(appointment)
    _replace_link(appointment, actor)
    last = appointment.delivery
    if last is not None and last.state == Message.State.QUEUED:
        return True  # is put into words when it goes out, with the new link
    if by_email and guest.email and not appointment.is_past:
        send_invitation(appointment, actor=actor)
        return True
    appointment.delivery = None  # what was delivered opens nothing any more
    appointment.save(update_fields=["delivery"])
    return False


def _replace_link(appointment: Appointment, actor: User) -> None:
    guests.replace_link(appointment.patient, actor=actor)
    appointment.calendar_sequence += 1  # the entry carries the link
    appointment.save(update_fields=["calendar_sequence"])


@transaction.atomic
def send_invitation(appointment: Appointment, *, actor: User) -> None:
    """Queue the invitation mail and remember it as the appointment's delivery."""
    _queue(INVITATION, appointment, actor)


@transaction.atomic
def send_invitation_again(appointment: Appointment, *, actor: User) -> None:
    """The invitation once more, as things are now.

    Raises NoAddress, AppointmentOver, AppointmentGone, or SentJustNow where it would only double.
    """
    _held_patient(appointment)
    if not appointment.patient.email:
        raise NoAddress
    if appointment.is_past:
        raise AppointmentOver
    last = appointment.delivery
    if last is not None:
        on_its_way = last.state in (Message.State.QUEUED, Message.State.SENDING)
        if on_its_way or last.created_at > timezone.now() - RESEND_PAUSE:
            raise SentJustNow
    send_invitation(appointment, actor=actor)


@transaction.atomic
def delete_appointment(appointment: Appointment, *, actor: User) -> None:
    """The appointment leaves the lists, its link dies, and the patient hears of it by mail.

    Raises ConsultationRunning while the patient is being called or in the consultation.
    Deleting twice is not an error.
    """
    try:
        guest = _undisturbed_patient(appointment)
    except AppointmentGone:
        return
    changed = Appointment.objects.filter(pk=appointment.pk, deleted_at=None).update(
        deleted_at=timezone.now(), calendar_sequence=F("calendar_sequence") + 1
    )
    if not changed:
        return
    guests.close_link(guest, actor=actor)
    if _has_invitation_in_hand(appointment) and not appointment.is_past:
        notifications.queue_message(
            CANCELLATION,
            str(appointment.pk),
            organisation=appointment.organisation,
            sender=actor,
        )
    _record("appointment.deleted", appointment, actor)


def _undisturbed_patient(appointment: Appointment) -> Guest:
    """As `_held_patient`; raises ConsultationRunning during a ring or a consultation as well."""
    guest = _held_patient(appointment)
    busy = (Visit.State.CALLED, Visit.State.CONSULTATION)
    if guest.visits.filter(state__in=busy).exists():
        raise ConsultationRunning
    return guest


def _held_patient(appointment: Appointment) -> Guest:
    """The patient's row, locked so that nobody rings meanwhile; both rows as they are now.

    Raises AppointmentGone.
    """
    guest = Guest.objects.select_for_update().get(pk=appointment.patient_id)
    appointment.refresh_from_db(
        fields=["starts_at", "duration_minutes", "calendar_sequence", "delivery", "deleted_at"]
    )
    appointment.patient = guest
    if appointment.deleted_at is not None:
        raise AppointmentGone
    return guest


def _has_invitation_in_hand(appointment: Appointment) -> bool:
    """Whether any invitation went out that a change or a cancellation could refer to."""
    return has_gone_out(INVITATION, str(appointment.pk))


def _queue(kind: str, appointment: Appointment, actor: User | None) -> None:
    """Queue a mail with the link, and remember it as the appointment's delivery."""
    appointment.delivery = notifications.queue_message(
        kind, str(appointment.pk), organisation=appointment.organisation, sender=actor
    )
    appointment.save(update_fields=["delivery"])
    _record(QUEUED[kind], appointment, actor)


def _record(action: str, appointment: Appointment, actor: User | None, **data: Any) -> None:
    audit.record(
        action,
        appointment.patient,
        actor=actor,
        organisation_id=appointment.organisation_id,
        **data,
    )

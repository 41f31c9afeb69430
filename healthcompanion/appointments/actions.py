"""What changes appointments."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import may_treat
from healthcompanion.appointments.models import INVITATION, Appointment
from healthcompanion.appointments.queries import coming_appointments_of
from healthcompanion.appointments.refusals import (
    AppointmentGone,
    AppointmentOver,
    ConsultationRunning,
    NoAddress,
    NotConsulting,
    NotVerified,
    PatientIsHere,
    SentJustNow,
    SmsClosed,
)
from healthcompanion.appointments.reminders import next_look
from healthcompanion.appointments.telling import (
    Channel,
    forget,
    has_invitation_in_hand,
    is_on_its_way,
    open_ways,
    tell,
    tell_cancellation,
    tell_change,
    waits,
)
from healthcompanion.core import audit
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.queries import hold_messages
from healthcompanion.organisations.models import Organisation
from healthcompanion.organisations.queries import held_membership
from healthcompanion.organisations.rules import can_consult

RESEND_PAUSE = timedelta(minutes=1)
ASKING_PAUSE = timedelta(minutes=10)  # nobody fills somebody else's mailbox
CONTACTS = {Channel.EMAIL: "email", Channel.SMS: "mobile"}


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
    mobile: str = "",
    by_sms: bool = False,
    language: str,
    starts_at: datetime,
    duration_minutes: int,
    reminders: bool = True,
) -> Appointment:
    """Create an appointment with its patient; where `by_email` or `by_sms`, send the invitation.

    `starts_at` is aware, `duration_minutes` between 5 and 480, `mobile` in E.164 form. The
    caller has the patient's agreement to be written to, which is recorded with this moment.
    Raises NotConsulting and NotVerified.
    """
    _test_whether_consults(professional)
    patient = guests.add_guest(
        organisation,
        professional,
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=mobile,
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
        reminders=reminders,
    )
    _plan_reminders(appointment)
    audit.record("appointment.created", patient, actor=created_by, organisation_id=organisation.pk)
    ways = {Channel.EMAIL: by_email, Channel.SMS: by_sms}
    chosen = [way for way, wanted in ways.items() if wanted]
    send_invitation(appointment, actor=created_by, ways=chosen)
    return appointment


def _test_whether_consults(professional: User) -> None:
    if not can_consult(held_membership(professional)):
        raise NotConsulting
    if not may_treat(professional):
        raise NotVerified


@transaction.atomic
def change_appointment(
    appointment: Appointment,
    *,
    actor: User,
    first_name: str,
    last_name: str,
    email: str,
    mobile: str,
    language: str,
    starts_at: datetime,
    duration_minutes: int,
    reminders: bool | None = None,
) -> str:
    """Change or move an appointment (DEC-12); the kind of message that tells the patient, or "".

    `mobile` is in E.164 form. Raises ConsultationRunning, AppointmentGone and PatientIsHere.
    """
    guest = _undisturbed_patient(appointment, agreed=True)
    _switch_reminders(appointment, actor, reminders)
    changed = {
        "name": (first_name, last_name) != (guest.first_name, guest.last_name),
        "email": email.lower() != guest.email,
        "mobile": mobile != guest.phone,
        "language": language != guest.language,
        "duration": duration_minutes != appointment.duration_minutes,
    }
    moved = starts_at != appointment.starts_at
    if not moved and not any(changed.values()):
        return ""
    new_contacts = [way for way, name in CONTACTS.items() if changed[name]]
    filled = [way for way, contact in zip(CONTACTS, (email, mobile), strict=True) if contact]
    strayed = _has_strayed(appointment, [way for way in new_contacts if way in filled])
    guests.change_guest(
        guest,
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=mobile,
        language=language,
        scheduled_at=starts_at,
    )
    new_time = moved or changed["duration"]
    if new_time:
        _set_time(appointment, starts_at, duration_minutes)
    _record_changes(appointment, actor, moved, [name for name in changed if changed[name]])
    if strayed:
        _replace_link(appointment, actor)
    return tell_change(
        appointment, actor, new_contacts=new_contacts, new_link=strayed, new_time=new_time
    )


def _record_changes(appointment: Appointment, actor: User, moved: bool, fields: list[str]) -> None:
    if moved:
        starts_at = appointment.starts_at.isoformat()
        _record("appointment.moved", appointment, actor, starts_at=starts_at)
    if fields:
        _record("appointment.changed", appointment, actor, fields=fields)


def _has_strayed(appointment: Appointment, new_contacts: list[Message.Channel]) -> bool:
    """Whether who got the link at a former address or number could come in by it.

    Raises PatientIsHere where the patient has come in by it.
    """
    strayed = [way for way in new_contacts if has_invitation_in_hand(appointment, way)]
    if strayed and appointment.patient.visits.exclude(state__in=Visit.OVER).exists():
        raise PatientIsHere(strayed[0])
    return bool(strayed)


def _set_time(appointment: Appointment, starts_at: datetime, duration_minutes: int) -> None:
    moved = starts_at != appointment.starts_at
    appointment.starts_at, appointment.duration_minutes = starts_at, duration_minutes
    appointment.calendar_sequence += 1
    appointment.save(update_fields=["starts_at", "duration_minutes", "calendar_sequence"])
    if moved:
        _plan_reminders(appointment)


def _switch_reminders(appointment: Appointment, actor: User, wanted: bool | None) -> None:
    """They stay as they are where `wanted` is None."""
    if wanted in (None, appointment.reminders):
        return
    appointment.reminders = not appointment.reminders
    _plan_reminders(appointment)
    _record_changes(appointment, actor, moved=False, fields=["reminders"])


def _plan_reminders(appointment: Appointment) -> None:
    """From now on, for the time as it is: what is over already is not made up for."""
    zone, now = appointment.organisation.zone, timezone.now()
    wanted = appointment.reminders
    appointment.remind_at = next_look(appointment.starts_at, zone, after=now) if wanted else None
    appointment.save(update_fields=["reminders", "remind_at"])


@transaction.atomic
def send_lost_links(email: str) -> None:
    """Send the links of all coming appointments of `email` to it, as its owner asked (DEC-13).

    Nothing happens where there are none, or where a mail went to them only just now.
    """
    for appointment in coming_appointments_of(email):
        try:
            guest = held_patient(appointment)
        except AppointmentGone:
            continue
        last = appointment.delivery
        pause = last is not None and last.created_at > timezone.now() - ASKING_PAUSE
        if guest.email != email.lower() or pause or is_on_its_way(last):
            continue
        _record("link.asked", appointment, None)
        tell(INVITATION, appointment, None, Channel.EMAIL)


@transaction.atomic
def replace_link(
    appointment: Appointment, *, actor: User, ways: Iterable[Message.Channel]
) -> list[Message.Channel]:
    """The patient's link dies and a new one takes its place; by which ways it comes (DEC-13).

    Raises ConsultationRunning and AppointmentGone.
    """
    _undisturbed_patient(appointment, agreed=True)
    _replace_link(appointment, actor)
    chosen = [] if appointment.is_past else [way for way in ways if way in open_ways(appointment)]
    told = []
    for way in Channel:
        if waits(appointment.delivery_by(way)):
            told.append(way)  # is put into words when it goes out, with the new link
        elif way in chosen:
            tell(INVITATION, appointment, actor, way)
            told.append(way)
        else:
            forget(appointment, way)  # what was delivered opens nothing any more
    return told


def _replace_link(appointment: Appointment, actor: User) -> None:
    guests.replace_link(appointment.patient, actor=actor)
    appointment.calendar_sequence += 1  # the entry carries the link
    appointment.save(update_fields=["calendar_sequence"])


@transaction.atomic
def send_invitation(
    appointment: Appointment, *, actor: User, ways: Iterable[Message.Channel] = (Channel.EMAIL,)
) -> None:
    """Queue the invitation by each way and remember it as the appointment's delivery."""
    for way in ways:
        tell(INVITATION, appointment, actor, way)


@transaction.atomic
def send_invitation_again(appointment: Appointment, *, actor: User) -> None:
    """The invitation once more, as things are now: by the ways that failed, or else by all.

    Raises NoAddress, SmsClosed, AppointmentOver, AppointmentGone, or SentJustNow where it would
    only double.
    """
    held_patient(appointment, agreed=True)
    ways = _ways_again(appointment)
    if not ways:
        raise SmsClosed if appointment.ways else NoAddress
    if appointment.is_past:
        raise AppointmentOver
    for last in filter(None, map(appointment.delivery_by, ways)):
        if is_on_its_way(last) or last.created_at > timezone.now() - RESEND_PAUSE:
            raise SentJustNow
    send_invitation(appointment, actor=actor, ways=ways)


def _ways_again(appointment: Appointment) -> list[Message.Channel]:
    """The ways that failed, or those that were chosen, or where none was, all that are open."""
    usable = open_ways(appointment)
    choices = (appointment.failed_deliveries, appointment.deliveries)
    for chosen in ({last.channel for last in rows} for rows in choices):
        if ways := [way for way in usable if way in chosen]:
            return ways
    return usable


@transaction.atomic
def delete_appointment(appointment: Appointment, *, actor: User) -> None:
    """The appointment leaves the lists, its link dies, and the patient hears of it.

    Raises ConsultationRunning while the patient is being called or in the consultation.
    Deleting twice is not an error.
    """
    try:
        guest = _undisturbed_patient(appointment)
    except AppointmentGone:
        return
    changed = Appointment.objects.filter(pk=appointment.pk, deleted_at=None).update(
        deleted_at=timezone.now(), remind_at=None, calendar_sequence=F("calendar_sequence") + 1
    )
    if not changed:
        return
    guests.close_link(guest, actor=actor)
    if not appointment.is_past and not appointment.is_cancelled:
        tell_cancellation(appointment, actor)
    _record("appointment.deleted", appointment, actor)


@transaction.atomic
def cancel_for_patient(appointment: Appointment) -> None:
    """The patient says that they will not come (DEC-14); they get it in writing.

    Raises ConsultationRunning, AppointmentGone, AppointmentOver (also where it was held already).
    Twice is not an error.
    """
    guest = _undisturbed_patient(appointment)
    if guest.cancelled_at is not None:
        return
    if not appointment.can_be_cancelled:
        raise AppointmentOver
    guests.cancel(guest)
    appointment.calendar_sequence += 1
    appointment.remind_at = None
    appointment.save(update_fields=["calendar_sequence", "remind_at"])
    tell_cancellation(appointment, None)
    _record("appointment.cancelled", appointment, guest)


def _undisturbed_patient(appointment: Appointment, *, agreed: bool = False) -> Guest:
    """As `held_patient`; raises ConsultationRunning during a ring or a consultation as well."""
    guest = held_patient(appointment, agreed=agreed)
    busy = (Visit.State.CALLED, Visit.State.CONSULTATION)
    if guest.visits.filter(state__in=busy).exists():
        raise ConsultationRunning
    return guest


def held_patient(appointment: Appointment, *, agreed: bool = False) -> Guest:
    """The patient's row, locked so that nobody rings meanwhile; both rows as they are now.

    A message that waits goes on waiting until we have decided what it would say.
    Raises AppointmentGone; with `agreed` also where the patient has cancelled.
    """
    guest = Guest.objects.select_for_update().get(pk=appointment.patient_id)
    appointment.refresh_from_db(
        fields=[
            "starts_at",
            "duration_minutes",
            "calendar_sequence",
            "delivery",
            "sms_delivery",
            "reminders",
            "remind_at",
            "deleted_at",
        ]
    )
    appointment.patient = guest
    hold_messages(appointment.delivery_id, appointment.sms_delivery_id)
    if appointment.deleted_at is not None or (agreed and appointment.is_cancelled):
        raise AppointmentGone
    return guest


def _record(action: str, appointment: Appointment, actor: User | Guest | None, **data: Any) -> None:
    audit.record(
        action,
        appointment.patient,
        actor=actor,
        organisation_id=appointment.organisation_id,
        **data,
    )

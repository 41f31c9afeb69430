"""A professional leaves or is away: others take the appointments over, or they are cancelled."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.actions import (
    delete_appointment,
    held_patient,
)
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.queries import MAX_MINUTES
from healthcompanion.appointments.refusals import AppointmentGone
from healthcompanion.appointments.telling import tell_handover
from healthcompanion.core import audit
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.organisations.busy import is_in_call
from healthcompanion.organisations.members import set_role
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.queries import held_membership
from healthcompanion.organisations.removal import StillInCall, remove_member
from healthcompanion.organisations.rules import can_consult


class PatientIsThere(Exception):
    """A patient is in the waiting room or in the consultation: not in this moment."""


class SuccessorGone(Exception):
    """Whoever was to take over holds no consultations any more, or is about to leave."""


class AppointmentsAhead(Exception):
    """Somebody has to take the coming appointments over first."""


def coming_appointments(professional: User, organisation: Organisation) -> list[Appointment]:
    """What is still ahead of `professional` in `organisation`, by time, without what is off."""
    return [row for row in _ahead(professional, organisation) if not row.is_past]


def _ahead(professional: User, organisation: Organisation) -> QuerySet[Appointment]:
    held = Visit.objects.filter(guest=OuterRef("patient"), consultation_at__isnull=False)
    rows = Appointment.objects.filter(
        ~Exists(held),
        professional=professional,
        organisation=organisation,
        deleted_at=None,
        patient__cancelled_at=None,
        starts_at__gt=timezone.now() - timedelta(minutes=MAX_MINUTES),
    )
    return rows.select_related("patient", "organisation", "delivery", "sms_delivery").order_by(
        "starts_at", "pk"
    )


@transaction.atomic
def hand_over(professional: User, organisation: Organisation, *, to: User, actor: User) -> int:
    """`to` holds what is ahead of `professional`, and the patients are told; how many they are.

    Raises PatientIsThere and SuccessorGone: then nothing has changed.
    """
    _hold(organisation)
    successor = held_membership(to)
    if (
        successor is None
        or successor.organisation_id != organisation.pk
        or successor.is_ending
        or not can_consult(successor)
    ):
        raise SuccessorGone
    count = 0
    for row in _undisturbed(professional, organisation):
        row.professional = to
        row.calendar_sequence += 1
        row.save(update_fields=["professional", "calendar_sequence"])
        guests.hand_over(row.patient, to=to)
        _record("appointment.handed-over", row, actor)
        tell_handover(row, actor)
        count += 1
    return count


@transaction.atomic
def cancel_all(professional: User, organisation: Organisation, *, actor: User) -> int:
    """None of what is ahead takes place, and the patients are told; how many they are.

    Raises PatientIsThere: then nothing has changed.
    """
    _hold(organisation)
    count = 0
    for row in _undisturbed(professional, organisation):
        delete_appointment(row, actor=actor)
        count += 1
    return count


@transaction.atomic
def close_past_links(professional: User, organisation: Organisation, *, actor: User) -> None:
    """Nobody waits for somebody who is no longer there: the links of what was die.

    Raises PatientIsThere where somebody does wait: they are not shown out without a word.
    """
    rows = Appointment.objects.filter(
        professional=professional,
        organisation=organisation,
        patient__link_closed_at=None,
        patient__link_expires_at__gt=timezone.now(),
    )
    for row in rows:
        guest = Guest.objects.select_for_update().get(pk=row.patient_id)
        if guest.visits.filter(state__in=Visit.HERE).exists():
            raise PatientIsThere
        guests.close_link(guest, actor=actor)


@transaction.atomic
def let_go(membership: Membership, *, successor: User | None, actor: User) -> int:
    """Remove a member: `successor` takes their appointments over, or nobody does and they are
    cancelled; how many they were.

    Raises PatientIsThere, SuccessorGone, LastAdministrator and StillInCall: then nothing has
    changed.
    """
    leaving, organisation = membership.user, membership.organisation
    _hold(organisation)
    held_membership(leaving)  # no appointment is made for them meanwhile
    if successor is not None:
        count = hand_over(leaving, organisation, to=successor, actor=actor)
    else:
        count = cancel_all(leaving, organisation, actor=actor)
    close_past_links(leaving, organisation, actor=actor)
    remove_member(membership, actor=actor)
    return count


@transaction.atomic
def change_role(membership: Membership, role: str, *, actor: User) -> bool:
    """Professional or assistant (DEC-7); False where it was so already.

    Raises AppointmentsAhead where a professional would leave patients behind, and StillInCall,
    also while it rings.
    """
    _hold(membership.organisation)
    row = held_membership(membership.user)
    if row is None or row.role == role:
        return False
    if is_in_call(row.user) or _is_calling(row.user):
        raise StillInCall
    if role != Membership.Role.PROFESSIONAL and coming_appointments(row.user, row.organisation):
        raise AppointmentsAhead
    return set_role(row, role, actor=actor)


def _is_calling(user: User) -> bool:
    """A patient of theirs is being rung at this moment."""
    return Visit.objects.filter(guest__host=user, state=Visit.State.CALLED).exists()


def _hold(organisation: Organisation) -> None:
    """Of several administrators one at a time."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _undisturbed(professional: User, organisation: Organisation) -> Iterator[Appointment]:
    """Each that is ahead, its patient held. Raises PatientIsThere."""
    for row in coming_appointments(professional, organisation):
        try:
            guest = held_patient(row, agreed=True)
        except AppointmentGone:
            continue
        if guest.host_id != professional.pk:  # handed over by somebody else just now
            continue
        if guest.visits.filter(state__in=Visit.HERE).exists():
            raise PatientIsThere
        yield row


def _record(action: str, row: Appointment, actor: User) -> None:
    audit.record(action, row.patient, actor=actor, organisation_id=row.organisation_id)

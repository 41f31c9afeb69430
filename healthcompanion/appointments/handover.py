"""A professional leaves or is away: others take the appointments over, or they are cancelled."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.actions import (
    AppointmentGone,
    delete_appointment,
    held_patient,
)
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.queries import MAX_MINUTES
from healthcompanion.appointments.telling import tell_handover
from healthcompanion.core import audit
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Visit
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.removal import remove_member


class PatientIsThere(Exception):
    """A patient is in the waiting room or in the consultation: not in this moment."""


def coming_appointments(professional: User, organisation: Organisation) -> list[Appointment]:
    """What is still ahead of `professional` in `organisation`, by time, without what is off."""
    return [row for row in _ahead(professional, organisation) if not row.is_past]


def _ahead(professional: User, organisation: Organisation) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(
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

    Raises PatientIsThere: then nothing has changed.
    """
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
    count = 0
    for row in _undisturbed(professional, organisation):
        delete_appointment(row, actor=actor)
        count += 1
    return count


@transaction.atomic
def close_past_links(professional: User, organisation: Organisation, *, actor: User) -> None:
    """Nobody waits for somebody who is no longer there: the links of what was die."""
    rows = Appointment.objects.filter(
        professional=professional,
        organisation=organisation,
        patient__link_closed_at=None,
        patient__link_expires_at__gt=timezone.now(),
    )
    for row in rows.select_related("patient"):
        guests.close_link(row.patient, actor=actor)


@transaction.atomic
def let_go(membership: Membership, *, successor: User | None, actor: User) -> int:
    """Remove a member: `successor` takes their appointments over, or nobody does and they are
    cancelled; how many they were.

    Raises PatientIsThere, LastAdministrator and StillInCall: then nothing has changed.
    """
    leaving, organisation = membership.user, membership.organisation
    if successor is not None:
        count = hand_over(leaving, organisation, to=successor, actor=actor)
    else:
        count = cancel_all(leaving, organisation, actor=actor)
    close_past_links(leaving, organisation, actor=actor)
    remove_member(membership, actor=actor)
    return count


def _undisturbed(professional: User, organisation: Organisation) -> Iterator[Appointment]:
    """Each that is ahead, its patient held. Raises PatientIsThere."""
    for row in coming_appointments(professional, organisation):
        try:
            guest = held_patient(row, agreed=True)
        except AppointmentGone:
            continue
        if guest.visits.filter(state__in=Visit.HERE).exists():
            raise PatientIsThere
        yield row


def _record(action: str, row: Appointment, actor: User) -> None:
    audit.record(action, row.patient, actor=actor, organisation_id=row.organisation_id)

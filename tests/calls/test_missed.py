"""Calls that nobody took, as the dashboard shows them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from healthcompanion.accounts.models import User
from healthcompanion.appointments.handover import hand_over
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.missed import SHOWN, missed_calls
from healthcompanion.calls.models import Call
from tests.calls.logged import ended
from tests.factories import AppointmentFactory, CallFactory

pytestmark = pytest.mark.django_db
MISSED, CANCELLED = Call.Outcome.MISSED, Call.Outcome.CANCELLED


def hours_ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def found(user: User) -> list[Call]:
    return [entry.call for entry in missed_calls(user.membership)]


def test_a_patient_who_was_not_reached_stands_there_once_with_the_latest_try(
    professional: User, colleague: User, stranger: User, appointment: Appointment
) -> None:
    ended(professional, appointment.patient, outcome=MISSED, at=hours_ago(5))
    latest = ended(professional, appointment.patient, outcome=MISSED, at=hours_ago(4))
    other = ended(
        professional,
        AppointmentFactory(professional=professional).patient,
        outcome=MISSED,
        at=hours_ago(2),
    )

    assert found(professional) == [other, latest]
    assert [entry.outcome for entry in missed_calls(professional.membership)] == [
        "nicht erreicht"
    ] * 2
    assert found(colleague) == found(stranger) == []


@pytest.mark.parametrize("outcome", ["completed", "declined", "cancelled"])
def test_what_the_patient_took_or_one_gave_up_oneself_is_not_missed(
    professional: User, appointment: Appointment, outcome: str
) -> None:
    ended(professional, appointment.patient, outcome=outcome)

    assert found(professional) == []


def test_whoever_was_reached_later_or_is_in_a_call_now_goes_away(
    professional: User, appointment: Appointment
) -> None:
    ended(professional, appointment.patient, outcome=MISSED, at=hours_ago(3))
    before = ended(professional, appointment.patient, at=hours_ago(4))
    assert len(found(professional)) == 1

    Call.objects.filter(pk=before.pk).update(rang_at=timezone.now() - timedelta(hours=1))
    assert found(professional) == []
    Call.objects.filter(pk=before.pk).delete()
    CallFactory(guest=appointment.patient, initiator=professional)
    assert found(professional) == []


@pytest.mark.parametrize("field", ["deleted", "cancelled", "old"])
def test_what_is_no_longer_of_use_is_not_shown(
    professional: User, appointment: Appointment, field: str
) -> None:
    missed = ended(professional, appointment.patient, outcome=MISSED)
    assert found(professional) == [missed]

    if field == "deleted":
        Appointment.objects.update(deleted_at=timezone.now())
    elif field == "cancelled":
        type(appointment.patient).objects.update(cancelled_at=timezone.now())
    else:
        Call.objects.update(rang_at=timezone.now() - timedelta(days=7, minutes=1))
    assert found(professional) == []


@pytest.mark.parametrize("outcome", [MISSED, CANCELLED])
def test_a_colleague_who_called_in_vain_is_missed_until_one_has_called_back(
    professional: User, colleague: User, outcome: str
) -> None:
    ended(colleague, professional, outcome=outcome, at=hours_ago(3))
    latest = ended(colleague, professional, outcome=outcome, at=hours_ago(2))

    (entry,) = missed_calls(professional.membership)
    assert (entry.call, entry.outcome) == (latest, "verpasst")
    assert entry.contact_name == colleague.full_name
    assert found(colleague) == []

    ended(professional, colleague, at=hours_ago(1))
    assert found(professional) == []


def test_many_are_cut_short_and_cost_one_query(
    professional: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for hours in range(SHOWN + 2):
        row = AppointmentFactory(professional=professional)
        ended(professional, row.patient, outcome=MISSED, at=hours_ago(hours + 1))
    membership = professional.membership

    with django_assert_num_queries(1):
        entries = missed_calls(membership)
        links = {
            entry.call.guest.appointment.get_absolute_url() for entry in entries if entry.call.guest
        }

    assert len(links) == SHOWN
    assert entries == sorted(entries, key=lambda entry: entry.order, reverse=True)


def test_who_has_handed_the_patient_over_is_not_asked_to_call_back(
    professional: User, colleague: User, appointment: Appointment
) -> None:
    ended(professional, appointment.patient, outcome=MISSED)
    assert len(found(professional)) == 1

    hand_over(professional, professional.membership.organisation, to=colleague, actor=professional)

    assert found(professional) == []

"""What is deleted in time, and what must stay."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import LegalAcceptance, User
from healthcompanion.appointments import actions as appointments
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core import audit
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message, OutboxMail
from healthcompanion.organisations.actions import open_individual_account
from healthcompanion.organisations.models import Organisation
from tests.calls.logged import ended
from tests.factories import AppointmentFactory, CallFactory, GuestFactory, UserFactory, VisitFactory

pytestmark = pytest.mark.django_db


def ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


def age(kind: type[Model], days: float) -> None:
    kind._default_manager.update(created_at=ago(days))


def whole_story(professional: User, days: float) -> Guest:
    """A guest with everything that hangs on one, `days` after the appointment."""
    row: Appointment = AppointmentFactory(professional=professional, starts_at=ago(days))
    VisitFactory(guest=row.patient, state=Visit.State.ENDED)
    CallFactory(guest=row.patient, state=Call.State.ENDED, rang_at=ago(days))
    audit.record("visit.waiting", row.patient, actor=None, organisation_id=None)
    return row.patient


def test_guest_goes_with_everything_once_the_link_is_dead(
    professional: User, settings: Settings
) -> None:
    settings.HC_LINK_DAYS = 92
    kept = whole_story(professional, 91.9)
    gone = whole_story(professional, 92.1)
    gone_reference = audit.reference(gone)

    result = apply_retention()

    assert result["guests"] == 1
    kinds: list[Any] = [Guest, Appointment, Visit, Call]
    assert [kind.objects.count() for kind in kinds] == [1, 1, 1, 1]
    assert CallParticipant.objects.count() == 2
    assert Guest.objects.get() == kept
    assert not AuditEntry.objects.filter(subject=gone_reference).exists()
    assert AuditEntry.objects.filter(subject=audit.reference(kept)).exists()


def test_longer_links_keep_their_guests_longer(professional: User, settings: Settings) -> None:
    settings.HC_LINK_DAYS = 200
    whole_story(professional, 150)

    assert apply_retention()["guests"] == 0


@pytest.mark.parametrize(("days", "left"), [(89.9, 1), (90.1, 0)])
def test_messages_are_kept_for_ninety_days(days: float, left: int) -> None:
    Message.objects.create(kind="x", reference="1", due_at=timezone.now())
    age(Message, days)

    apply_retention()

    assert Message.objects.count() == left


@pytest.mark.parametrize(("days", "left"), [(29.9, 1), (30.1, 0)])
def test_kept_mails_of_the_demo_go_after_thirty_days(days: float, left: int) -> None:
    OutboxMail.objects.create(from_address="a", to="b", subject="c", text="d")
    age(OutboxMail, days)

    apply_retention()

    assert OutboxMail.objects.count() == left


@pytest.mark.parametrize(("days", "left"), [(364.9, 1), (365.1, 0)])
def test_audit_trail_is_kept_for_a_year(professional: User, days: float, left: int) -> None:
    audit.record("test.done", professional, actor=None, organisation_id=None)
    age(AuditEntry, days)

    apply_retention()

    assert AuditEntry.objects.count() == left


def test_ended_sessions_go(professional: User) -> None:
    Client().force_login(professional)
    Client().force_login(professional)
    one = Session.objects.all()[0]
    Session.objects.filter(pk=one.pk).update(expire_date=ago(0.1))

    assert apply_retention()["sessions"] == 1
    assert Session.objects.count() == 1


def registered(days: float, *, confirmed: bool) -> User:
    user = UserFactory(confirmed=confirmed)
    LegalAcceptance.objects.create(user=user, document="terms", version="1")
    open_individual_account(user)
    User.objects.filter(pk=user.pk).update(created_at=ago(days))
    return user


def test_registration_that_nobody_confirmed_goes_with_its_tenant() -> None:
    registered(14.1, confirmed=False)
    young, real = registered(13.9, confirmed=False), registered(400, confirmed=True)

    assert apply_retention()["registrations"] == 1
    assert set(User.objects.all()) == {young, real}
    assert Organisation.objects.count() == EmailAddress.objects.count() == 2
    assert LegalAcceptance.objects.count() == 2


def test_running_twice_does_no_harm(professional: User) -> None:
    whole_story(professional, 200)
    apply_retention()

    assert set(apply_retention().values()) == {0}


def test_what_a_patient_was_told_is_known_until_the_appointment_is_forgotten(
    professional: User,
) -> None:
    appointment = AppointmentFactory(
        professional=professional, starts_at=timezone.now() + timedelta(days=200)
    )
    appointments.send_invitation(appointment, actor=professional)
    Message.objects.update(state=Message.State.SENT)
    age(Message, 100)

    apply_retention()
    appointment.refresh_from_db()
    appointments.delete_appointment(appointment, actor=professional)

    assert appointment.delivery is not None
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "appointment.cancellation",
        "appointment.invitation",
    ]
    Guest.objects.update(scheduled_at=timezone.now() - timedelta(days=400))
    assert apply_retention()["guests"] == 1
    assert not Message.objects.exists()


def test_companions_go_with_their_patient_and_not_before(professional: User) -> None:
    kept, gone = whole_story(professional, 91.9), whole_story(professional, 92.1)
    beside: list[Guest] = []
    for patient in (kept, gone):
        person = GuestFactory(
            host=professional, companion_of=patient, role="relative", scheduled_at=ago(400)
        )
        CallParticipant.objects.create(call=patient.calls.get(), guest=person)
        audit.record("call.person.admitted", person, actor=None, organisation_id=None)
        beside.append(person)

    apply_retention()

    assert set(Guest.objects.all()) == {kept, beside[0]}
    left = AuditEntry.objects.filter(action="call.person.admitted")
    assert [entry.subject for entry in left] == [audit.reference(beside[0])]


def test_calls_between_professionals_go_after_90_days(
    professional: User, colleague: User, guest: Guest
) -> None:
    ended(professional, colleague, at=ago(90.1))
    kept = {ended(professional, colleague, at=ago(89.9)).pk}
    kept.add(ended(professional, guest, at=ago(90.1)).pk)  # goes with the guest

    assert apply_retention()["calls"] > 0
    assert set(Call.objects.values_list("pk", flat=True)) == kept

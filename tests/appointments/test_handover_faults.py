"""What may come between: a successor who left, a patient who is there, an appointment too late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions, handover
from healthcompanion.appointments.actions import create_appointment
from healthcompanion.appointments.handover import (
    AppointmentsAhead,
    PatientIsThere,
    SuccessorGone,
    change_role,
    coming_appointments,
    hand_over,
    let_go,
)
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.refusals import NotConsulting
from healthcompanion.guests.models import Visit
from healthcompanion.organisations import licences
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.removal import StillInCall, remove_member
from tests.appointments.test_views import typed
from tests.factories import AppointmentFactory, CallFactory, GuestFactory, VisitFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
ASSISTANT = Membership.Role.ASSISTANT


@pytest.fixture
def chief(administrator: User) -> Client:
    return signed_in(administrator)


def without_licence(user: User, chief: User) -> None:
    licences.deactivate(user.membership, actor=chief)


def about_to_leave(user: User, chief: User) -> None:
    CallFactory(guest=GuestFactory(host=user), state="active")
    licences.deactivate(user.membership, actor=chief)


def removed(user: User, chief: User) -> None:
    Appointment.objects.filter(professional=user).delete()
    remove_member(user.membership, actor=chief)


def as_assistant(user: User, chief: User) -> None:
    Membership.objects.filter(user=user).update(role=ASSISTANT)


def elsewhere(user: User, chief: User) -> None:
    other = Organisation.objects.create(name="Praxis Anderswo", kind=Organisation.Kind.ORGANISATION)
    Membership.objects.filter(user=user).update(organisation=other)


@pytest.mark.parametrize(
    "gone", [without_licence, about_to_leave, removed, as_assistant, elsewhere]
)
def test_who_was_chosen_and_left_meanwhile_gets_nothing(
    gone: Callable[[User, User], None],
    appointment: Appointment,
    professional: User,
    colleague: User,
    administrator: User,
    organisation: Organisation,
) -> None:
    gone(colleague, administrator)

    with pytest.raises(SuccessorGone):
        hand_over(professional, organisation, to=colleague, actor=administrator)

    appointment.refresh_from_db()
    assert appointment.professional == professional


def test_the_page_says_that_the_successor_left(
    appointment: Appointment,
    professional: User,
    colleague: User,
    chief: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def leave_first(user: User) -> Membership | None:
        return None if user == colleague else user.membership

    monkeypatch.setattr(handover, "held_membership", leave_first)
    for part in ("handover", "removal"):
        page = f"/administration/members/{professional.membership.code}/{part}/"
        answer = chief.post(page, {"successor": colleague.membership.code}, follow=True)

        assert "Bitte wählen Sie neu." in answer.content.decode()
    assert Membership.objects.get(user=professional).removed_at is None


def test_a_consultation_that_was_held_stays_with_who_held_it(
    professional: User, colleague: User, organisation: Organisation
) -> None:
    """Its hour may not be over; the patient is told nothing of a successor."""
    now = timezone.now()
    held = AppointmentFactory(professional=professional, starts_at=now - timedelta(minutes=10))
    VisitFactory(guest=held.patient, state=Visit.State.ENDED, consultation_at=now)
    coming = AppointmentFactory(professional=professional, starts_at=now + timedelta(days=1))

    assert coming_appointments(professional, organisation) == [coming]
    assert hand_over(professional, organisation, to=colleague, actor=professional) == 1

    held.refresh_from_db()
    assert held.professional == professional


@pytest.mark.parametrize("state", Visit.HERE)
def test_nobody_who_waits_after_the_hour_is_shown_out(
    state: str, professional: User, administrator: User
) -> None:
    late = AppointmentFactory(
        professional=professional, starts_at=timezone.now() - timedelta(hours=9)
    )
    VisitFactory(guest=late.patient, state=state)
    assert not coming_appointments(professional, professional.membership.organisation)

    with pytest.raises(PatientIsThere):
        let_go(professional.membership, successor=None, actor=administrator)

    late.patient.refresh_from_db()
    assert late.patient.link_closed_at is None
    assert Membership.objects.get(user=professional).removed_at is None


@pytest.mark.parametrize("gone", [without_licence, removed, as_assistant])
def test_nobody_is_invited_to_somebody_who_left(
    gone: Callable[[User, User], None],
    colleague: User,
    administrator: User,
    organisation: Organisation,
) -> None:
    gone(colleague, administrator)
    before = Appointment.objects.count()

    with pytest.raises(NotConsulting):
        create_appointment(
            organisation,
            colleague,
            created_by=administrator,
            first_name="Paul",
            last_name="Patient",
            email="",
            by_email=False,
            language="de",
            starts_at=timezone.now() + timedelta(days=1),
            duration_minutes=20,
        )

    assert Appointment.objects.count() == before


def test_the_form_says_so_and_keeps_what_was_typed(
    doctor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*args: object, **kwargs: object) -> Appointment:
        raise NotConsulting

    monkeypatch.setattr(actions, "create_appointment", too_late)

    answer = doctor.post("/patients/new/", typed(first_name="Paulus"))

    text = answer.content.decode()
    assert answer.status_code == 422, text
    assert "hält zurzeit keine Sprechstunden" in text
    assert 'value="Paulus"' in text


def test_an_assistant_leaves_no_appointments_behind(
    appointment: Appointment, professional: User, colleague: User, administrator: User
) -> None:
    with pytest.raises(AppointmentsAhead):
        change_role(professional.membership, ASSISTANT, actor=administrator)

    organisation = professional.membership.organisation
    hand_over(professional, organisation, to=colleague, actor=administrator)
    assert change_role(professional.membership, ASSISTANT, actor=administrator)
    assert not change_role(professional.membership, ASSISTANT, actor=administrator)
    assert Membership.objects.get(user=professional).role == ASSISTANT


def test_nobody_becomes_an_assistant_while_it_rings(
    appointment: Appointment, professional: User, administrator: User
) -> None:
    VisitFactory(guest=appointment.patient, state=Visit.State.CALLED)

    with pytest.raises(StillInCall):
        change_role(professional.membership, ASSISTANT, actor=administrator)


def test_the_members_page_leads_to_the_handover_and_changes_nothing(
    appointment: Appointment, professional: User, chief: Client
) -> None:
    page = f"/administration/members/{professional.membership.code}/"

    answer = chief.post(f"{page}role/", {"role": "assistant", "is_administrator": "on"})

    assert answer["Location"] == f"{page}handover/"
    row = Membership.objects.get(user=professional)
    assert (row.role, row.is_administrator) == (Membership.Role.PROFESSIONAL, False)

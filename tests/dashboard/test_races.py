"""Two administrators, or an administrator and a call, at the same moment."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.actions import create_appointment
from healthcompanion.appointments.handover import (
    AppointmentsAhead,
    SuccessorGone,
    change_role,
    let_go,
)
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.refusals import NotConsulting
from healthcompanion.calls.actions import end_call
from healthcompanion.calls.models import Call
from healthcompanion.organisations import licences
from healthcompanion.organisations.members import LastAdministrator, set_administrator
from healthcompanion.organisations.models import LicencePeriod, Membership, Organisation
from healthcompanion.organisations.removal import remove_member
from tests.factories import AppointmentFactory, CallFactory, GuestFactory, MembershipFactory
from tests.infrastructure.races import race

pytestmark = pytest.mark.django_db(transaction=True)
RACES = 8


def member(organisation: Organisation, **values: object) -> Membership:
    row: Membership = MembershipFactory(organisation=organisation, **values)
    return row


def fresh(row: Membership) -> Membership:
    """As another administrator's request has fetched it."""
    return Membership.objects.select_related("user", "organisation").get(pk=row.pk)


def test_two_take_the_same_licence_and_one_did(
    organisation: Organisation, administrator: User
) -> None:
    for _ in range(RACES):
        row = member(organisation)
        LicencePeriod.objects.create(membership=row, began_at=timezone.now())

        results = race(
            *(partial(licences.deactivate, fresh(row), actor=administrator) for _ in range(2))
        )

        assert sorted(results) == ["lost", "won"]
        assert LicencePeriod.objects.get(membership=row).ended_at is not None


def test_a_licence_taken_as_the_call_ends_is_gone_either_way(
    organisation: Organisation, administrator: User
) -> None:
    for _ in range(RACES):
        row = member(organisation)
        guest = GuestFactory(host=row.user)
        call = CallFactory(guest=guest, state=Call.State.ACTIVE)

        results = race(
            partial(licences.deactivate, fresh(row), actor=administrator),
            partial(end_call, Call.objects.get(pk=call.pk), actor=guest),
        )

        assert results == ["won", "won"]
        row.refresh_from_db()
        assert (row.is_licensed, row.is_ending) == (False, False)


def test_of_two_last_administrators_one_stays(organisation: Organisation) -> None:
    for _ in range(RACES):
        Membership.objects.update(is_administrator=False)
        rows = [member(organisation, is_administrator=True) for _ in range(2)]

        results = race(
            *(partial(set_administrator, fresh(row), False, actor=row.user) for row in rows),
            refusals=(LastAdministrator,),
        )

        assert sorted(results) == ["lost", "won"]
        assert Membership.objects.filter(is_administrator=True).count() == 1


def test_of_two_who_leave_for_each_other_one_stays_with_the_patients(
    organisation: Organisation, administrator: User
) -> None:
    for _ in range(RACES):
        rows = [member(organisation) for _ in range(2)]
        patients = [AppointmentFactory(professional=row.user) for row in rows]

        results = race(
            *(
                partial(let_go, fresh(row), successor=other.user, actor=administrator)
                for row, other in zip(rows, reversed(rows), strict=True)
            ),
            refusals=(SuccessorGone,),
        )

        assert sorted(results) == ["lost", "won"]
        stays = Membership.objects.get(pk__in=[row.pk for row in rows], removed_at=None)
        for row in patients:
            row.refresh_from_db()
            assert row.professional_id == row.patient.host_id == stays.user_id


def invite(organisation: Organisation, user: User) -> Appointment:
    return create_appointment(
        organisation,
        user,
        created_by=user,
        first_name="Paul",
        last_name="Patient",
        email="",
        by_email=False,
        language="de",
        starts_at=timezone.now() + timedelta(days=1),
        duration_minutes=20,
    )


def remove(row: Membership, chief: User) -> bool:
    return let_go(row, successor=None, actor=chief) >= 0


def make_assistant(row: Membership, chief: User) -> bool:
    return change_role(row, Membership.Role.ASSISTANT, actor=chief)


@pytest.mark.parametrize("way", ["removed", "assistant"])
def test_nobody_is_invited_by_who_leaves_in_that_moment(
    organisation: Organisation, administrator: User, way: str
) -> None:
    for _ in range(RACES):
        row = member(organisation)
        leave = remove if way == "removed" else make_assistant

        left, invited = race(
            partial(leave, fresh(row), administrator),
            partial(invite, organisation, row.user),
            refusals=(NotConsulting, AppointmentsAhead),
        )

        assert {left, invited} <= {"won", "lost"}
        assert "won" in (left, invited)
        open_ones = Appointment.objects.filter(professional=row.user, deleted_at=None)
        row.refresh_from_db()
        consults = row.removed_at is None and row.role == Membership.Role.PROFESSIONAL
        assert open_ones.exists() == (consults and invited == "won")


def test_two_remove_the_same_member_and_one_did(
    organisation: Organisation, administrator: User
) -> None:
    row = member(organisation)

    race(*(partial(remove_member, fresh(row), actor=administrator) for _ in range(2)))

    assert Membership.objects.filter(pk=row.pk).exclude(removed_at=None).exists()

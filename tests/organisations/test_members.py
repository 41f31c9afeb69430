"""Roles, rights and assignments, and that an organisation keeps an administrator."""

import pytest

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations import licences, members
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.queries import PAGE, member_page, whose_schedule
from tests.factories import MembershipFactory

ASSISTANT, PROFESSIONAL = Membership.Role.ASSISTANT, Membership.Role.PROFESSIONAL


def actions_written() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_the_last_administrator_stays(administrator: User, professional: User) -> None:
    row = administrator.membership
    with pytest.raises(members.LastAdministrator):
        members.set_administrator(row, False, actor=administrator)
    with pytest.raises(members.LastAdministrator):
        licences.deactivate(row, actor=administrator)

    row.refresh_from_db()
    assert (row.is_administrator, row.is_licensed, actions_written()) == (True, True, [])


def test_an_administrator_without_a_licence_does_not_count(
    administrator: User, pending: User
) -> None:
    Membership.objects.filter(user=pending).update(is_administrator=True)

    with pytest.raises(members.LastAdministrator):
        members.set_administrator(administrator.membership, False, actor=administrator)


def test_a_second_administrator_lets_the_first_go(administrator: User, professional: User) -> None:
    other = professional.membership

    assert members.set_administrator(other, True, actor=administrator)
    assert not members.set_administrator(other, True, actor=administrator)
    assert members.set_administrator(administrator.membership, False, actor=administrator)
    assert actions_written() == ["member.promoted", "member.demoted"]


def test_an_assistant_handles_the_schedules_of_whom_they_serve(
    administrator: User, professional: User, colleague: User, assistant: User
) -> None:
    assert list(whose_schedule(assistant)) == []

    row = assistant.membership
    assert members.assign(row, [professional.membership], actor=administrator)
    assert not members.assign(row, [professional.membership], actor=administrator)
    assert list(whose_schedule(assistant)) == [professional]
    assert list(whose_schedule(professional)) == [professional]

    members.assign(row, [colleague.membership], actor=administrator)
    assert list(whose_schedule(assistant)) == [colleague]
    assert actions_written() == ["assistant.assigned"] * 2


def test_a_new_role_ends_all_assignments(
    administrator: User, professional: User, assistant: User
) -> None:
    row = assistant.membership
    members.assign(row, [professional.membership], actor=administrator)

    assert members.set_role(row, PROFESSIONAL, actor=administrator)
    assert not members.set_role(row, PROFESSIONAL, actor=administrator)
    assert list(whose_schedule(assistant)) == [assistant]
    members.set_role(row, ASSISTANT, actor=administrator)
    assert list(whose_schedule(assistant)) == []


def test_members_come_by_pages_and_each_once(organisation: Organisation) -> None:
    rows = [MembershipFactory(organisation=organisation) for _ in range(PAGE + 3)]
    first = member_page(organisation)
    second = member_page(organisation, after=first.next)

    assert [*first.members, *second.members] == rows
    assert (len(first.members), second.next) == (PAGE, "")

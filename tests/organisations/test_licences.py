"""Giving and taking licences (DEC-5, DEC-9)."""

import pytest

from healthcompanion.accounts.models import User
from healthcompanion.calls.actions import end_call
from healthcompanion.calls.models import Call
from healthcompanion.core import events
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations import licences
from healthcompanion.organisations.actions import join, open_organisation
from healthcompanion.organisations.models import LicencePeriod, Membership, MemberState
from healthcompanion.organisations.rules import can_administer, can_work
from tests.factories import CallFactory, GuestFactory, UserFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Klinikum Nord", "street": "A 1", "postal_code": "1", "city": "B"}


@pytest.fixture
def chief() -> User:
    user: User = UserFactory()
    open_organisation(user, **ADDRESS)
    return user


@pytest.fixture
def member(chief: User) -> Membership:
    return join(UserFactory(), chief.membership.organisation)


def state_of(row: Membership) -> str:
    return row.state


def test_who_opens_an_organisation_administers_it(chief: User) -> None:
    assert can_administer(chief.membership)
    assert chief.membership.organisation.join_id
    assert LicencePeriod.objects.filter(membership=chief.membership, ended_at=None).count() == 1


def test_a_member_waits_until_the_licence_is_given(chief: User, member: Membership) -> None:
    assert state_of(member) == MemberState.WAITING
    assert not can_work(member)

    assert licences.activate(member, actor=chief)
    member.refresh_from_db()
    assert state_of(member) == MemberState.ACTIVE
    assert can_work(member)
    assert not can_administer(member)
    assert LicencePeriod.objects.get(membership=member).ended_at is None


def test_of_two_switches_one_counts(chief: User, member: Membership) -> None:
    assert [licences.activate(member, actor=chief) for _ in range(2)] == [True, False]
    assert [licences.deactivate(member, actor=chief) for _ in range(2)] == [True, False]

    assert LicencePeriod.objects.filter(membership=member).count() == 1
    assert AuditEntry.objects.filter(action="licence.deactivated").count() == 1


def test_a_taken_licence_ends_every_session(
    chief: User, member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    licences.activate(member, actor=chief)
    browsers = [signed_in(member.user) for _ in range(3)]
    revoked: list[str] = []
    monkeypatch.setattr(events, "revoke", lambda channel, close_code: revoked.append(channel))
    licences.deactivate(member, actor=chief)

    member.refresh_from_db()
    assert state_of(member) == MemberState.INACTIVE
    for browser in browsers:
        assert browser.get("/settings/security/").status_code == 302
    assert events.user_channel(member.user_id) in revoked
    assert len(revoked) == 4


def test_a_running_consultation_is_never_cut(chief: User, member: Membership) -> None:
    licences.activate(member, actor=chief)
    guest = GuestFactory(host=member.user)
    call = CallFactory(guest=guest, state=Call.State.ACTIVE)
    browser = signed_in(member.user)
    licences.deactivate(member, actor=chief)

    member.refresh_from_db()
    assert state_of(member) == MemberState.ENDING
    assert browser.get("/settings/security/").status_code == 200

    end_call(call, actor=guest)
    member.refresh_from_db()
    assert state_of(member) == MemberState.INACTIVE
    assert browser.get("/settings/security/").status_code == 302


def test_a_licence_that_was_to_end_can_be_kept(chief: User, member: Membership) -> None:
    licences.activate(member, actor=chief)
    call = CallFactory(guest=GuestFactory(host=member.user), state=Call.State.ACTIVE)
    licences.deactivate(member, actor=chief)
    assert licences.activate(member, actor=chief)

    end_call(call, actor=None)
    member.refresh_from_db()
    assert state_of(member) == MemberState.ACTIVE


def test_a_licence_whose_call_ended_unseen_ends_a_little_later(
    chief: User, member: Membership
) -> None:
    licences.activate(member, actor=chief)
    call = CallFactory(guest=GuestFactory(host=member.user), state=Call.State.ACTIVE)
    licences.deactivate(member, actor=chief)
    assert licences.end_overdue() == 0

    Call.objects.filter(pk=call.pk).update(state=Call.State.ENDED)

    assert licences.end_overdue() == 1
    member.refresh_from_db()
    assert state_of(member) == MemberState.INACTIVE
    assert licences.end_overdue() == 0


def test_members_of_a_suspended_organisation_cannot_work(chief: User) -> None:
    organisation = chief.membership.organisation
    organisation.suspended_at = organisation.created_at
    organisation.save()

    assert not can_work(Membership.objects.get(user=chief))

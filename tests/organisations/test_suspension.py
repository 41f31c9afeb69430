"""The operator shuts organisations and people out, and lets them in again."""

import pytest
from django.test import Client

from healthcompanion.accounts.models import SignIn, User
from healthcompanion.calls.actions import end_call
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from healthcompanion.organisations import suspension
from healthcompanion.organisations.removal import StillInCall, remove_member
from healthcompanion.organisations.rules import can_work
from healthcompanion.realtime.actors import Refused, user_at
from tests.factories import CallFactory
from tests.factories.organisations import PASSWORD
from tests.infrastructure.clients import signed_in
from tests.infrastructure.sockets import header_of

pytestmark = pytest.mark.django_db
MISUSE = suspension.Reason.MISUSE.value


def suspend(user: User, staff: User) -> bool:
    return suspension.suspend(user.membership.organisation, actor=staff, reason=MISUSE)


def is_in(client: Client) -> bool:
    return client.get("/settings/general/").status_code == 200


def test_a_suspended_organisation_is_signed_out_and_waits(
    professional: User, colleague: User, stranger: User, staff: User
) -> None:
    inside, other = [signed_in(user) for user in (professional, colleague)]
    outside = signed_in(stranger)

    assert suspend(professional, staff)
    assert not suspend(professional, staff)
    assert [is_in(client) for client in (inside, other, outside)] == [False, False, True]
    professional.refresh_from_db()
    again = signed_in(professional)
    assert "hat Praxis am Markt gesperrt" in again.get("/").content.decode()
    assert again.get("/patients/").status_code == 302
    with pytest.raises(Refused):
        user_at(header_of(again.cookies))
    entry = AuditEntry.objects.get(action="organisation.suspended")
    assert (entry.actor, entry.data) == (f"user:{staff.pk}", {"reason": MISUSE})

    assert suspension.resume(professional.membership.organisation, actor=staff)
    assert not suspension.resume(professional.membership.organisation, actor=staff)
    professional.refresh_from_db()
    assert again.get("/patients/").status_code == 200


def test_a_running_consultation_comes_to_its_end(
    professional: User, guest: Guest, staff: User
) -> None:
    client = signed_in(professional)
    call = CallFactory(guest=guest, state=Call.State.ACTIVE)

    suspend(professional, staff)
    professional.refresh_from_db()
    assert is_in(client)
    assert can_work(professional.membership)
    assert user_at(header_of(client.cookies)).person == professional

    end_call(call, actor=professional)
    assert not is_in(client)
    assert not can_work(professional.membership)
    assert SignIn.objects.filter(user=professional).count() == 0


def test_a_blocked_person_is_out_and_stays_out(professional: User, staff: User) -> None:
    client = signed_in(professional)

    assert suspension.block(professional, actor=staff, reason=MISUSE)
    assert not suspension.block(professional, actor=staff, reason=MISUSE)
    assert not is_in(client)
    form = {"login": professional.email, "password": PASSWORD}
    assert client.post("/accounts/login/", form)["Location"] == "/accounts/inactive/"
    assert not is_in(client)

    assert suspension.unblock(professional, actor=staff)
    assert not suspension.unblock(professional, actor=staff)
    assert is_in(signed_in(User.objects.get(pk=professional.pk)))


def test_nobody_is_blocked_in_a_consultation(professional: User, guest: Guest, staff: User) -> None:
    CallFactory(guest=guest, state=Call.State.ACTIVE)

    with pytest.raises(StillInCall):
        suspension.block(professional, actor=staff, reason=MISUSE)
    professional.refresh_from_db()
    assert professional.is_active


def test_a_closed_account_is_not_opened_again(
    professional: User, administrator: User, staff: User
) -> None:
    remove_member(professional.membership, actor=administrator)

    assert not suspension.unblock(professional, actor=staff)
    professional.refresh_from_db()
    assert not professional.is_active

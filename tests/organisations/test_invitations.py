"""Becoming a member by the link in an invitation mail (DEC-5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.organisations import invitations
from healthcompanion.organisations.actions import open_organisation
from healthcompanion.organisations.invitations import (
    AlreadyMember,
    StillClosing,
    invite_member,
    token_of,
)
from healthcompanion.organisations.models import (
    MemberInvitation,
    Membership,
    MemberState,
    Organisation,
)
from healthcompanion.organisations.removal import remove_member
from tests.accounts.mails import delivered, link_in
from tests.accounts.test_registration import GOOD, is_signed_in
from tests.factories import MembershipFactory, UserFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "nora.neumann@praxis.example"


@pytest.fixture
def organisation() -> Organisation:
    return open_organisation(UserFactory(last_name="Leitung"), name="Klinikum Süd", city="Ulm")


@pytest.fixture
def leader(organisation: Organisation) -> User:
    return User.objects.get(membership__organisation=organisation)


@pytest.fixture
def invitation(organisation: Organisation, leader: User) -> MemberInvitation:
    return invite_member(
        organisation,
        by=leader,
        email="Nora.Neumann@Praxis.Example",
        first_name="Nora",
        last_name="Neumann",
        role="assistant",
    )


def register(invitation: MemberInvitation, client: Client | None = None, **changes: Any) -> Any:
    values = {**GOOD, "kind": "member", "invitation_token": token_of(invitation), **changes}
    return (client or Client()).post("/accounts/signup/", values)


def newcomer() -> Membership:
    return Membership.objects.get(user__last_name="Neumann")


def kill(invitation: MemberInvitation, way: str) -> None:
    now = timezone.now()
    if way == "expired":
        invitation.expires_at = now - timedelta(seconds=1)
    elif way == "suspended":
        Organisation.objects.update(suspended_at=now)
    else:
        setattr(invitation, f"{way}_at", now)
    invitation.save()


def test_link_in_the_mail_leads_to_the_form_and_changes_nothing(
    invitation: MemberInvitation,
) -> None:
    (letter,) = delivered()
    before = MemberInvitation.objects.values().get()
    browser = Client()

    page = browser.get(link_in(letter))
    form = browser.get("/accounts/signup/", {"invitation": token_of(invitation)})

    assert letter.to == [ADDRESS]
    assert "Klinikum Süd" in letter.body
    assert (page.status_code, "Klinikum Süd" in page.content.decode()) == (200, True)
    text = form.content.decode()
    assert all(f'value="{word}"' in text for word in ("Nora", "Neumann", ADDRESS))
    assert ('name="join_id"' in text, 'type="radio"' in text) == (False, False)
    assert MemberInvitation.objects.values().get() == before
    assert not User.objects.filter(last_name="Neumann").exists()


def test_invited_person_is_a_waiting_member_with_the_role_and_a_proven_address(
    invitation: MemberInvitation, leader: User
) -> None:
    delivered()
    browser = Client()

    register(invitation, browser)

    row = newcomer()
    invitation.refresh_from_db()
    assert (row.organisation, row.role, row.state) == (
        invitation.organisation,
        "assistant",
        MemberState.WAITING,
    )
    assert is_signed_in(browser)
    assert invitation.accepted_at is not None
    assert [letter.to for letter in delivered()[1:]] == [[leader.email]]
    assert list(
        AuditEntry.objects.filter(action__startswith="invitation.")
        .order_by("pk")
        .values_list("action", "actor")
    ) == [
        ("invitation.sent", f"user:{leader.pk}"),
        ("invitation.accepted", f"user:{row.user.pk}"),
    ]


def test_another_address_has_to_be_confirmed_first(invitation: MemberInvitation) -> None:
    delivered()
    browser = Client()

    register(invitation, browser, email="nora@anders.example")

    assert not is_signed_in(browser)
    assert newcomer().user.email == "nora@anders.example"
    assert [letter.to for letter in delivered()[1:]] == [["nora@anders.example"]]
    assert not Message.objects.filter(kind="organisation.member_waiting").exists()


@pytest.mark.parametrize("way", ["expired", "accepted", "withdrawn", "suspended"])
def test_dead_invitation_opens_nothing(invitation: MemberInvitation, way: str) -> None:
    path = link_in(delivered()[0])
    kill(invitation, way)

    page = Client().get(path)
    answer = register(invitation)

    assert (page.status_code, "Klinikum" in page.content.decode()) == (404, False)
    assert list(answer.context["form"].errors) == ["__all__"]
    assert 'value="Neumann"' in answer.content.decode()  # what was typed stays
    assert not User.objects.filter(last_name="Neumann").exists()


@pytest.mark.parametrize("way", ["expired", "withdrawn"])
def test_mail_that_waits_is_not_sent_when_the_invitation_died(
    invitation: MemberInvitation, way: str
) -> None:
    kill(invitation, way)

    assert delivered() == []


def test_made_up_token_opens_nothing(invitation: MemberInvitation) -> None:
    forged = token_of(invitation)[:-1] + "!"
    bare = invitation.code

    assert [Client().get(f"/join/{token}/").status_code for token in (forged, bare)] == [404, 404]
    answer = register(invitation, invitation_token=bare)
    assert list(answer.context["form"].errors) == ["__all__"]


def test_second_of_two_who_accept_at_once_reads_that_it_is_gone(
    invitation: MemberInvitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = MemberInvitation.objects.get()
    monkeypatch.setattr(invitations, "invitation_behind", lambda token: other)
    kill(invitation, "accepted")

    answer = register(invitation)

    assert answer["Location"] == f"/join/{token_of(invitation)}/"
    assert not User.objects.filter(last_name="Neumann").exists()


def test_invited_address_with_an_account_stays_where_it_is(invitation: MemberInvitation) -> None:
    UserFactory(email=ADDRESS)

    answer = register(invitation)

    invitation.refresh_from_db()
    assert answer["Location"] == "/accounts/confirm-email/"
    assert invitation.accepted_at is None
    assert Membership.objects.filter(organisation=invitation.organisation).count() == 1


def test_second_invitation_takes_the_place_of_the_first(
    invitation: MemberInvitation, organisation: Organisation, leader: User
) -> None:
    second = invite_member(organisation, by=leader, email=ADDRESS)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert Client().get(f"/join/{token_of(second)}/").status_code == 200
    assert Client().get(f"/join/{token_of(invitation)}/").status_code == 404


def test_member_is_not_invited_again(organisation: Organisation, leader: User) -> None:
    with pytest.raises(AlreadyMember):
        invite_member(organisation, by=leader, email=leader.email.upper())

    assert not MemberInvitation.objects.exists()


def test_former_member_whose_account_is_being_closed_is_invited_later(
    organisation: Organisation, leader: User
) -> None:
    former = MembershipFactory(organisation=organisation)
    remove_member(former, actor=leader)
    with pytest.raises(StillClosing):
        invite_member(organisation, by=leader, email=former.user.email.upper())

    answer = signed_in(leader).post(
        "/administration/invitations/",
        {"email": former.user.email, "language": "de", "role": "professional"},
    )

    assert "Bitte laden Sie morgen ein." in answer.content.decode()
    assert not MemberInvitation.objects.exists()


def test_whoever_is_signed_in_is_told_so(invitation: MemberInvitation, stranger: User) -> None:
    text = signed_in(stranger).get(f"/join/{token_of(invitation)}/").content.decode()

    assert stranger.full_name in text
    assert "/accounts/signup/" not in text


@pytest.mark.parametrize(("days", "kept"), [(89, True), (91, False)])
def test_invitation_is_deleted_after_90_days(
    invitation: MemberInvitation, days: int, kept: bool
) -> None:
    age = timezone.now() - timedelta(days=days)
    MemberInvitation.objects.update(created_at=age)

    apply_retention()

    assert MemberInvitation.objects.exists() == kept

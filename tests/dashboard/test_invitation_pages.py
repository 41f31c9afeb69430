"""Administrators invite members by mail and withdraw invitations."""

import pytest
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.organisations import invitations
from healthcompanion.organisations.invitations import invite_member, token_of
from healthcompanion.organisations.models import MemberInvitation, Organisation
from tests.infrastructure.clients import signed_in

PAGE = "/administration/invitations/"
NORA = {
    "email": "Nora.Neumann@praxis.example",
    "first_name": "Nora",
    "last_name": "Neumann",
    "role": "assistant",
}


@pytest.fixture
def chief(administrator: User) -> Client:
    return signed_in(administrator)


def test_an_invitation_goes_out_and_stands_in_the_list(chief: Client) -> None:
    answer = chief.post(PAGE, NORA, follow=True)

    row = MemberInvitation.objects.get()
    assert (row.email, row.role) == ("nora.neumann@praxis.example", "assistant")
    assert Message.objects.get().reference == str(row.pk)
    assert "nora.neumann@praxis.example" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"email": ""}, "Bitte geben Sie die E-Mail-Adresse ein."),
        (
            {"email": "nora@"},
            "Bitte prüfen Sie die Adresse: Sie sollte aussehen wie name@example.org.",
        ),
        ({"email": "CARL.KOLB@praxis.example"}, "gehört einem Mitglied Ihrer Organisation"),
    ],
)
def test_a_wrong_address_is_named_and_what_was_typed_stays(
    chief: Client, colleague: User, values: dict[str, str], sentence: str
) -> None:
    answer = chief.post(PAGE, {**NORA, **values})

    text = answer.content.decode()
    assert (answer.status_code, sentence in text, "Neumann" in text) == (422, True, True)
    assert not MemberInvitation.objects.exists()


def test_an_address_with_an_account_elsewhere_is_no_secret_told(
    chief: Client, stranger: User
) -> None:
    assert chief.post(PAGE, {**NORA, "email": stranger.email}).status_code == 302


def test_there_is_a_limit_for_a_day(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "A_DAY", 1)
    chief.post(PAGE, NORA)

    answer = chief.post(PAGE, {**NORA, "email": "noch.eine@praxis.example"})

    assert (answer.status_code, MemberInvitation.objects.count()) == (422, 1)
    assert "Bitte machen Sie morgen weiter." in answer.content.decode()


def test_what_bounced_is_marked(chief: Client) -> None:
    chief.post(PAGE, NORA)
    Message.objects.update(state=Message.State.FAILED)

    assert "nicht zugestellt" in chief.get(PAGE).content.decode()


def test_a_withdrawn_invitation_opens_nothing(chief: Client) -> None:
    chief.post(PAGE, NORA)
    row = MemberInvitation.objects.get()

    chief.post(f"{PAGE}{row.code}/withdrawal/")

    assert "nora.neumann" not in chief.get(PAGE).content.decode()
    assert Client().get(f"/join/{token_of(row)}/").status_code == 404
    assert AuditEntry.objects.filter(action="invitation.withdrawn").count() == 1
    assert chief.post(f"{PAGE}{row.code}/withdrawal/").status_code == 404


def test_invitations_of_others_do_not_exist(chief: Client, stranger: User) -> None:
    elsewhere: Organisation = stranger.membership.organisation
    row = invite_member(elsewhere, by=stranger, email="x@elsewhere.example")

    assert "x@elsewhere.example" not in chief.get(PAGE).content.decode()
    assert chief.post(f"{PAGE}{row.code}/withdrawal/").status_code == 404

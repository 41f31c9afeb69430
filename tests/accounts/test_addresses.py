"""A new e-mail address counts when its owner, signed in, has opened the link (DEC-10)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.addresses import (
    ChangeGone,
    ask_for_address,
    confirm_address,
    token_of,
    waiting_address,
    withdraw_address,
)
from healthcompanion.accounts.models import AddressChange, User
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.address_mails import DONE, LINK, NOTICE
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, render
from tests.factories import UserFactory
from tests.factories.organisations import PASSWORD
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
NEW = "anna.neu@praxis.example"


def asked(user: User, email: str = NEW, actor: User | None = None) -> AddressChange:
    change = ask_for_address(user, email, actor=actor or user)
    assert change is not None
    return change


def url(change: AddressChange) -> str:
    return f"/settings/profile/address/{token_of(change)}/"


def mail(kind: str, change: AddressChange) -> Mail:
    assert Message.objects.filter(kind=kind, reference=str(change.pk)).exists()
    words = render(kind, str(change.pk))
    assert isinstance(words, Mail)
    return words


def entrance(user: User, email: str) -> Any:
    return Client().post("/accounts/login/", {"login": email, "password": PASSWORD})


def test_the_address_changes_when_its_owner_confirms_it(professional: User) -> None:
    client, former = signed_in(professional), professional.email
    change = asked(professional, "  Anna.NEU@praxis.example ")

    assert (change.email, mail(LINK, change).to, mail(NOTICE, change).to) == (NEW, NEW, former)
    assert url(change) in mail(LINK, change).text
    assert NEW not in mail(NOTICE, change).text
    assert NEW in client.get("/settings/profile/").content.decode()
    page = client.get(url(change))
    assert (page.status_code, former in page.content.decode()) == (200, True)
    professional.refresh_from_db()
    assert professional.email == former  # GET changes nothing

    answer = client.post(url(change), follow=True)
    assert "Ihre neue E-Mail-Adresse gilt ab jetzt." in answer.content.decode()
    professional.refresh_from_db()
    assert professional.email == NEW
    rows = EmailAddress.objects.filter(user=professional)
    assert list(rows.values_list("email", "verified", "primary")) == [(NEW, True, True)]
    assert mail(DONE, change).to == former
    assert AuditEntry.objects.filter(action="address.changed").count() == 1
    assert entrance(professional, NEW).status_code == 302
    assert entrance(professional, former).status_code == 200
    assert client.get(url(change)).status_code == 410
    assert render(LINK, str(change.pk)) is None
    assert render(NOTICE, str(change.pk)) is None


def test_only_the_person_signed_in_can_confirm(professional: User, administrator: User) -> None:
    """An administrator who enters an address of their own gains nothing."""
    change = asked(professional, actor=administrator)

    assert Client().get(url(change))["Location"].startswith("/accounts/login/?next=")
    assert Client().post(url(change)).status_code == 302
    for verb in ("get", "post"):
        assert getattr(signed_in(administrator), verb)(url(change)).status_code == 410
    professional.refresh_from_db()
    assert professional.email != NEW


def test_a_taken_address_is_told_to_its_owner_alone(professional: User) -> None:
    owner = UserFactory(email=NEW)
    change = asked(professional)

    letter = mail(LINK, change)
    assert (letter.to, letter.subject) == (NEW, "Sie haben bereits ein Konto")
    assert "Anna" not in letter.text + letter.to_name
    assert url(change) not in letter.text
    with pytest.raises(ChangeGone):
        confirm_address(change)
    assert signed_in(professional).post(url(change)).status_code == 410
    owner.refresh_from_db()
    assert owner.email == NEW


def test_an_address_taken_meanwhile_stays_with_its_owner(professional: User) -> None:
    change = asked(professional)
    other = UserFactory()
    EmailAddress.objects.create(user=other, email=NEW, verified=False)

    with pytest.raises(ChangeGone):
        confirm_address(change)


def test_a_later_wish_a_withdrawal_and_a_week_end_the_link(professional: User) -> None:
    client = signed_in(professional)
    first = asked(professional)
    second = asked(professional, "anders@praxis.example")
    assert client.post(url(first)).status_code == 410
    assert client.get(url(second)).status_code == 200

    client.post("/settings/profile/address-withdrawal/")
    assert client.post(url(second)).status_code == 410
    assert not withdraw_address(professional, actor=professional)

    third = asked(professional)
    AddressChange.objects.filter(pk=third.pk).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert client.post(url(third)).status_code == 410
    assert waiting_address(professional) is None


def test_the_present_address_is_no_change(professional: User) -> None:
    asked(professional)

    assert ask_for_address(professional, professional.email.upper(), actor=professional) is None
    assert waiting_address(professional) is None


def test_a_forged_token_opens_nothing(professional: User) -> None:
    change = asked(professional)

    forged = f"/settings/profile/address/{change.code}.{'A' * 43}/"
    assert signed_in(professional).get(forged).status_code == 410

"""Registration as the administrator of an organisation, and as a member of one (DEC-3, DEC-5)."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.actions import give_join_id, open_organisation
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.models import Membership, MemberState, Organisation
from tests.accounts.mails import delivered, link_in
from tests.accounts.test_registration import GOOD, PASSWORD, sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADMINISTRATOR = {"kind": "administrator", "organisation_name": "Klinikum Nord"}


def register(**changes: Any) -> Any:
    return Client().post("/accounts/signup/", {**GOOD, **changes})


def errors(answer: Any) -> list[str]:
    return list(answer.context["form"].errors)


@pytest.fixture
def organisation() -> Organisation:
    return open_organisation(UserFactory(), name="Klinikum Süd", city="Ulm")


def test_an_administrator_opens_an_organisation() -> None:
    register(**ADMINISTRATOR)

    row = Membership.objects.get()
    assert (row.is_administrator, row.is_licensed, row.role) == (True, True, "professional")
    made = row.organisation
    assert (made.kind, made.name, made.city) == ("organisation", "Klinikum Nord", "München")
    assert made.join_id


def test_the_organisation_id_comes_by_mail_once_the_address_is_confirmed() -> None:
    register(**ADMINISTRATOR)
    (letter,) = delivered()
    join_id = shown(Organisation.objects.get().join_id or "")
    assert join_id not in letter.body

    browser = Client()
    browser.post(link_in(letter))
    welcome = delivered()[-1]
    assert (welcome.to, join_id in welcome.body) == ([GOOD["email"].lower()], True)
    sign_in(browser)
    assert join_id in browser.get("/").content.decode()


def test_with_the_first_member_the_dashboard_shows_it_no_longer() -> None:
    register(**ADMINISTRATOR)
    browser = Client()
    browser.post(link_in(delivered()[0]))
    sign_in(browser)
    organisation = Organisation.objects.get()
    Membership.objects.create(user=UserFactory(), organisation=organisation, is_licensed=False)

    assert shown(organisation.join_id or "") not in browser.get("/").content.decode()


@pytest.mark.parametrize("typed", ["as it is", "lower", "shown", "spaces"])
def test_a_member_registers_with_the_id_and_waits(organisation: Organisation, typed: str) -> None:
    join_id = organisation.join_id or ""
    ways = {"lower": join_id.lower(), "shown": shown(join_id), "spaces": f" {join_id} "}
    register(kind="member", join_id=ways.get(typed, join_id))

    row = Membership.objects.get(organisation=organisation, is_administrator=False)
    assert (row.state, row.user.last_name) == (MemberState.WAITING, "Neumann")
    assert Organisation.objects.count() == 1
    assert AuditEntry.objects.filter(action="membership.begun").count() == 1


def test_administrators_learn_of_it_when_the_address_is_confirmed(
    organisation: Organisation,
) -> None:
    register(kind="member", join_id=organisation.join_id)
    assert not Message.objects.filter(kind="organisation.member_waiting").exists()
    browser = Client()
    browser.post(link_in(delivered()[0]))

    letter = delivered()[-1]
    assert letter.to == [Membership.objects.get(is_administrator=True).user.email]
    assert "Nora Neumann" in letter.body
    sign_in(browser)
    assert "Klinikum Süd" in browser.get("/").content.decode()
    assert browser.get("/patients/").status_code == 302


def test_a_mistyped_id_is_told_at_once_an_unknown_one_in_the_end(
    organisation: Organisation,
) -> None:
    known = organisation.join_id or ""
    give_join_id(organisation)  # the known one leads nowhere from now on

    mistyped = register(kind="member", join_id=known[:-1] + "!", last_name="")
    renewed_and_more = register(kind="member", join_id=known, last_name="")
    renewed = register(kind="member", join_id=known)

    assert errors(mistyped) == ["last_name", "join_id"]
    assert errors(renewed_and_more) == ["last_name"]  # no hint before all else is right
    assert errors(renewed) == ["join_id"]
    assert User.objects.filter(last_name="Neumann").count() == 0
    assert f'value="{known}"' in renewed.content.decode()


def test_a_suspended_organisation_looks_like_none(organisation: Organisation) -> None:
    unknown = register(kind="member", join_id="22222222")
    organisation.suspended_at = timezone.now()
    organisation.save()
    suspended = register(kind="member", join_id=organisation.join_id)

    assert errors(suspended) == ["join_id"]
    texts = [answer.context["form"].errors["join_id"] for answer in (unknown, suspended)]
    assert texts[0] == texts[1]


def test_whoever_tries_many_ids_has_to_wait(organisation: Organisation, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "join_id": "2/h/ip"}
    known = organisation.join_id or ""
    give_join_id(organisation)
    for _ in range(2):
        register(kind="member", join_id=known)
    refused = register(kind="member", join_id=organisation.join_id)

    assert errors(refused) == ["join_id"]
    assert not User.objects.filter(last_name="Neumann").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "administrator", "organisation_name": " "}, "organisation_name"),
        ({"kind": "administrator", "organisation_name": "x" * 121}, "organisation_name"),
        ({"kind": "member", "join_id": ""}, "join_id"),
        ({"kind": "chief"}, "kind"),
    ],
)
def test_what_belongs_to_the_kind_is_needed(changes: dict[str, str], field: str) -> None:
    assert errors(register(**changes)) == [field]
    assert not User.objects.exists()


def test_what_belongs_to_another_kind_is_ignored(organisation: Organisation) -> None:
    register(kind="individual", join_id=organisation.join_id, organisation_name="Fremd")

    row = Membership.objects.get(user__last_name="Neumann")
    assert (row.organisation.kind, row.organisation.name) == ("individual", "Praxis Neumann")


def test_a_member_with_a_known_address_gets_the_same_answer(organisation: Organisation) -> None:
    UserFactory(email=GOOD["email"].lower())
    answer = register(kind="member", join_id=organisation.join_id)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert Membership.objects.filter(organisation=organisation).count() == 1
    assert PASSWORD not in answer.content.decode()

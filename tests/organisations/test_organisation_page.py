"""The settings page "Organisation", and the way from an individual account to one (DEC-8)."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations.actions import become_organisation, open_organisation
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.models import LicencePeriod, Membership, Organisation
from tests.factories import AppointmentFactory, UserFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/organisation/"
DETAILS = {
    "name": "Praxis Einzel & Team",
    "street": "Weg 1",
    "postal_code": "80331",
    "city": "München",
    "country": "DE",
    "phone": "",
}
GOOD = {**DETAILS, "confirmed": "on"}


def post(client: Client, **changes: Any) -> Any:
    return client.post(PAGE, {**GOOD, **changes})


def test_individual_account_becomes_an_organisation_and_keeps_the_rest(individual: User) -> None:
    appointment = AppointmentFactory(professional=individual)
    before = Membership.objects.values().get(user=individual)
    periods = list(LicencePeriod.objects.values())
    browser = signed_in(individual)

    answer = post(browser)

    row = Membership.objects.get(user=individual)
    made = row.organisation
    assert answer["Location"] == PAGE
    assert (made.kind, made.name, made.city) == ("organisation", DETAILS["name"], "München")
    assert Membership.objects.values().get(user=individual) == {**before, "is_administrator": True}
    assert list(LicencePeriod.objects.values()) == periods
    appointment.refresh_from_db()
    assert appointment.professional == individual
    assert shown(made.join_id or "") in browser.get(PAGE).content.decode()
    entry = AuditEntry.objects.get(action="organisation.upgraded")
    assert (entry.actor, entry.organisation_id) == (f"user:{individual.pk}", made.pk)


def test_second_try_does_no_harm(individual: User) -> None:
    first_tab, second_tab = signed_in(individual), signed_in(individual)
    post(first_tab)
    made = Organisation.objects.values().get(memberships__user=individual)

    again = post(second_tab, name="Anders")

    assert again["Location"] == PAGE
    assert Organisation.objects.values().get(memberships__user=individual) == made
    assert AuditEntry.objects.filter(action="organisation.upgraded").count() == 1


def test_two_in_one_moment_make_one(individual: User) -> None:
    stale = Organisation.objects.get(memberships__user=individual)

    done = [become_organisation(stale, by=individual, **DETAILS) for _ in range(2)]

    assert done == [True, False]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("street", ""),
        ("postal_code", ""),
        ("city", ""),
        ("country", "XX"),
        ("confirmed", ""),
    ],
)
def test_what_is_missing_is_told_and_nothing_changes(
    individual: User, field: str, value: str
) -> None:
    answer = post(signed_in(individual), **{"phone": "+49 89 1", field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="+49 89 1"' in answer.content.decode()
    assert Organisation.objects.get(memberships__user=individual).kind == "individual"


def test_suspended_account_cannot_go_up(individual: User) -> None:
    Organisation.objects.update(suspended_at=timezone.now())
    browser = signed_in(individual)

    page = browser.get(PAGE)
    post(browser)

    assert (page.status_code, 'name="confirmed"' in page.content.decode()) == (200, False)
    assert Organisation.objects.get(memberships__user=individual).kind == "individual"


def test_members_see_where_they_belong_and_only_administrators_the_id() -> None:
    leader, member, waiting = UserFactory(), UserFactory(), UserFactory()
    made = open_organisation(leader, name="Klinikum Süd", city="Ulm")
    Membership.objects.create(user=member, organisation=made)
    Membership.objects.create(user=waiting, organisation=made, is_licensed=False)
    join_id = shown(made.join_id or "")

    pages = [signed_in(user).get(PAGE).content.decode() for user in (leader, member, waiting)]

    assert ["Klinikum Süd" in page for page in pages] == [True, True, True]
    assert [join_id in page for page in pages] == [True, False, False]
    assert "wartet" in pages[2]


def test_member_cannot_change_the_organisation() -> None:
    leader, member = UserFactory(), UserFactory()
    made = open_organisation(leader, name="Klinikum Süd", city="Ulm")
    Membership.objects.create(user=member, organisation=made)

    answer = post(signed_in(member))

    made.refresh_from_db()
    assert (answer["Location"], made.name) == (PAGE, "Klinikum Süd")
    assert not Membership.objects.get(user=member).is_administrator


def test_whoever_belongs_nowhere_finds_no_page() -> None:
    assert signed_in(UserFactory()).get(PAGE).status_code == 404

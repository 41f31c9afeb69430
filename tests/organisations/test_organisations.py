"""The tenant and who may do what in it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations.actions import open_individual_account
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.queries import membership_of
from healthcompanion.organisations.rules import can_consult, can_work
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "licensed", "works", "consults"),
    [
        ("professional", True, True, True),
        ("professional", False, False, False),
        ("assistant", True, True, False),
        ("assistant", False, False, False),
    ],
)
def test_who_may_work_and_who_may_consult(
    role: str, licensed: bool, works: bool, consults: bool
) -> None:
    membership = Membership(role=role, is_licensed=licensed, organisation=Organisation())

    assert (can_work(membership), can_consult(membership)) == (works, consults)


def test_without_a_membership_nobody_may_do_anything() -> None:
    user = UserFactory()

    assert membership_of(user) is None
    assert (can_work(None), can_consult(None)) == (False, False)


def test_individual_account_is_a_tenant_of_its_own() -> None:
    user = UserFactory(title="Dr.", first_name="Ina", last_name="Einzel")

    organisation = open_individual_account(user)

    membership = membership_of(user)
    entry = AuditEntry.objects.get()
    assert membership is not None
    assert membership.organisation == organisation
    assert (organisation.kind, organisation.name) == ("individual", "Dr. Ina Einzel")
    assert organisation.zone.key == "Europe/Berlin"
    assert (entry.action, entry.organisation_id, entry.actor) == (
        "organisation.opened",
        organisation.pk,
        f"user:{user.pk}",
    )


def test_person_belongs_to_one_organisation(professional: User) -> None:
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=professional, organisation=OrganisationFactory())


@pytest.mark.parametrize("persons", [1, 10])
def test_database_refuses_odd_sizes_of_calls(db: None, persons: int) -> None:
    with pytest.raises(IntegrityError):
        Organisation.objects.create(kind="individual", name="Praxis", max_persons=persons)


def test_addresses_are_kept_in_lower_case(db: None) -> None:
    assert User.objects.create_user("A@B.Example", "x").email == "a@b.example"
    with pytest.raises(IntegrityError):
        User.objects.create(email="C@d.example")


def test_practice_is_in_the_country_of_who_opened_it() -> None:
    user = UserFactory(country="AT")

    assert open_individual_account(user).country == "AT"


def test_older_practices_take_the_country_of_their_first_member() -> None:
    migration = import_module("healthcompanion.organisations.migrations.0003_country_of_members")
    here, there = OrganisationFactory(), OrganisationFactory()
    for organisation, country in ((here, "DE"), (here, "CH"), (there, "AT"), (there, "DE")):
        MembershipFactory(user__country=country, organisation=organisation)

    migration.from_members(apps, None)

    rows = Organisation.objects.order_by("pk").values_list("country", flat=True)
    assert list(rows) == ["DE", "AT"]

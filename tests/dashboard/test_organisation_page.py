"""The organisation's own data and its Organisations-ID."""

import pytest
from django.test import Client

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations.actions import give_join_id
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.models import Organisation
from healthcompanion.organisations.queries import organisation_to_join
from tests.infrastructure.clients import signed_in

PAGE = "/administration/organisation/"
DATA = {"name": "Klinik am Fluss", "street": "Weg 1", "postal_code": "1", "city": "B", "phone": ""}


@pytest.fixture
def chief(administrator: User, organisation: Organisation) -> Client:
    give_join_id(organisation)
    return signed_in(administrator)


def test_data_change(chief: Client, organisation: Organisation) -> None:
    assert chief.post(PAGE, DATA).status_code == 302

    organisation.refresh_from_db()
    assert (organisation.name, organisation.city) == ("Klinik am Fluss", "B")
    entry = AuditEntry.objects.get(action="organisation.changed")
    assert entry.data == {"fields": ["name", "street", "postal_code", "city"]}


def test_an_organisation_needs_a_name(chief: Client, organisation: Organisation) -> None:
    answer = chief.post(PAGE, {**DATA, "name": "", "city": "Passau"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Bitte geben Sie den Namen der Organisation ein." in text
    assert "Passau" in text
    organisation.refresh_from_db()
    assert organisation.city == ""


def test_a_new_id_takes_the_place_of_the_former_once(
    chief: Client, organisation: Organisation
) -> None:
    former = organisation.join_id or ""
    assert shown(former) in chief.get(PAGE).content.decode()
    chief.post(f"{PAGE}join-id/", {"former": shown(former)})

    organisation.refresh_from_db()
    renewed = organisation.join_id or ""
    assert (organisation_to_join(former), organisation_to_join(renewed)) == (None, organisation)

    chief.post(f"{PAGE}join-id/", {"former": shown(former)})  # the other administrator's page
    organisation.refresh_from_db()
    assert organisation.join_id == renewed


def test_nobody_else_comes_in(chief: Client, professional: User, stranger: User) -> None:
    for person in (professional, stranger):
        client = signed_in(person)
        assert client.post(PAGE, DATA).status_code == 404
        assert client.post(f"{PAGE}join-id/").status_code == 404
    assert Organisation.objects.filter(name="Klinik am Fluss").count() == 0

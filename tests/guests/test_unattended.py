"""Patients are told when nobody could call them: no licence any more, or a suspended practice."""

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership, Organisation
from tests.infrastructure.clients import with_ticket

pytestmark = pytest.mark.django_db
WORDS = "Dr. Anna Berger kann Sie hier im Moment nicht anrufen."


def pages(guest: Guest) -> list[str]:
    link = Client().get("/" + link_url(guest).split("/", 3)[3])
    visit = with_ticket(guest).get(f"/g/{guest.code}/")
    return [link.content.decode(), visit.content.decode()]


def test_usually_nothing_is_said(guest: Guest) -> None:
    assert [WORDS in page for page in pages(guest)] == [False, False]


@pytest.mark.parametrize("why", ["licence", "suspended", "assistant"])
def test_the_patient_reads_whom_to_ask(guest: Guest, why: str) -> None:
    member = Membership.objects.filter(user=guest.host)
    house = Organisation.objects.filter(pk=guest.organisation_id)
    if why == "licence":
        member.update(is_licensed=False)
    elif why == "assistant":
        member.update(role=Membership.Role.ASSISTANT)
    else:
        house.update(suspended_at=timezone.now())

    assert [WORDS in page for page in pages(guest)] == [True, True]
    assert all("Bitte fragen Sie bei Praxis am Markt nach" in page for page in pages(guest))
    house.update(phone="+498912345678")
    assert all(
        "Bitte rufen Sie Praxis am Markt an: +49 89 12345678" in page for page in pages(guest)
    )

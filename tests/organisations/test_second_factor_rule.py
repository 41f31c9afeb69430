"""An organisation asks all members for a second factor (DEC-1)."""

from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Organisation
from tests.accounts.second_factors import with_app
from tests.factories import CallFactory
from tests.infrastructure.clients import signed_in

LEAD = "/settings/security/second-factor/"
RULE = "/administration/organisation/second-factor/"


def test_members_without_one_set_it_up_first(
    administrator: User, professional: User, stranger: User
) -> None:
    signed_in(with_app(administrator)).post(RULE, {"on": "1"})

    assert Organisation.objects.get(memberships__user=professional).requires_second_factor
    assert signed_in(professional).get("/patients/")["Location"] == LEAD
    assert signed_in(administrator).get("/patients/").status_code == 200
    assert signed_in(stranger).get("/patients/").status_code == 200
    assert AuditEntry.objects.filter(action="organisation.second-factor-asked").count() == 1


def test_who_asks_has_one(administrator: User, organisation: Organisation) -> None:
    answer = signed_in(administrator).post(RULE, {"on": "1"}, follow=True)

    organisation.refresh_from_db()
    assert not organisation.requires_second_factor
    assert "Bitte richten Sie zuerst für sich selbst" in answer.content.decode()


def test_it_can_be_left(administrator: User, professional: User) -> None:
    chief = signed_in(with_app(administrator))
    chief.post(RULE, {"on": "1"})

    chief.post(RULE, {"on": "0"})

    assert signed_in(professional).get("/patients/").status_code == 200


def test_nobody_is_led_out_of_a_consultation(
    organisation: Organisation, professional: User, guest: Guest
) -> None:
    Organisation.objects.update(requires_second_factor=True)
    client: Client = signed_in(professional)
    call: Call = CallFactory(guest=guest, state="active")

    assert client.get("/patients/").status_code == 200

    Call.objects.filter(pk=call.pk).update(state=Call.State.ENDED)
    call.participants.update(left_at=timezone.now())
    assert client.get("/patients/")["Location"] == LEAD

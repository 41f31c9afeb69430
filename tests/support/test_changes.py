"""Asking for another name or e-mail address, and the operator's answer (DEC-10)."""

import pytest
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts.addresses import waiting_address
from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, render
from healthcompanion.support.changes import ASKED, DECIDED, approve_change, refuse_change
from healthcompanion.support.models import ChangeRequest
from tests.infrastructure.clients import proved, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/profile/change/"
State = ChangeRequest.State


@pytest.fixture
def client(professional: User) -> Client:
    return signed_in(professional)


def wish(user: User, **values: str) -> dict[str, str]:
    now = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}
    return now | {"reason": ""} | values


def letter(kind: str, row: ChangeRequest) -> Mail:
    assert Message.objects.filter(kind=kind, reference=str(row.pk)).exists()
    words = render(kind, str(row.pk))
    assert isinstance(words, Mail)
    return words


def test_a_new_name_is_asked_for_and_approved(
    client: Client, professional: User, staff: User, settings: Settings
) -> None:
    settings.HC_SUPPORT_EMAIL = "hilfe@betreiber.example"
    assert f'href="{PAGE}"' in client.get("/settings/profile/").content.decode()
    page = client.get(PAGE).content.decode()
    assert 'value="Berger"' in page

    answer = client.post(PAGE, wish(professional, last_name="Berger-Lang", reason="Heirat"))
    assert answer.status_code == 302
    row = ChangeRequest.objects.get()
    told = letter(ASKED, row)
    assert told.to == "hilfe@betreiber.example"
    assert f"/backoffice/changes/{row.code}/" in told.text
    assert "Berger" not in told.text + told.subject
    assert "Berger-Lang" in client.get(PAGE).content.decode()

    desk = proved(staff)
    assert "1 offen" in desk.get("/backoffice/").content.decode()
    page = desk.get(f"/backoffice/changes/{row.code}/").content.decode()
    assert ("Heirat" in page, "Anna Berger-Lang" in page) == (True, True)
    desk.post(f"/backoffice/changes/{row.code}/approval/")
    professional.refresh_from_db()
    assert professional.last_name == "Berger-Lang"
    assert AuditEntry.objects.get(action="person.renamed").actor == f"user:{staff.pk}"
    assert letter(DECIDED, row).subject == "Ihre Änderung ist genehmigt"
    assert "genehmigt" in client.get(PAGE).content.decode()
    assert waiting_address(professional) is None
    assert not approve_change(row, actor=staff)
    assert desk.post(f"/backoffice/changes/{row.code}/approval/").status_code == 404


def test_an_approved_address_still_waits_for_its_owner(
    client: Client, professional: User, staff: User
) -> None:
    client.post(PAGE, wish(professional, email="Neu@praxis.example"))
    row = ChangeRequest.objects.get()

    assert approve_change(row, actor=staff)
    professional.refresh_from_db()
    assert professional.email == "anna.berger@praxis.example"
    change = waiting_address(professional)
    assert change is not None
    assert change.email == "neu@praxis.example"
    assert "Bitte bestätigen Sie jetzt die neue E-Mail-Adresse" in letter(DECIDED, row).text


def test_a_refusal_says_why(client: Client, professional: User, staff: User) -> None:
    client.post(PAGE, wish(professional, first_name="Anni"))
    row = ChangeRequest.objects.get()
    desk, url = proved(staff), f"/backoffice/changes/{row.code}/refusal/"

    refused = desk.post(url, {"answer": " "})
    assert refused.status_code == 422
    assert "Bitte sagen Sie, warum" in refused.content.decode()
    desk.post(url, {"answer": "Bitte den Namen aus dem Ausweis."})
    professional.refresh_from_db()
    assert professional.first_name == "Anna"
    assert "Bitte den Namen aus dem Ausweis." in letter(DECIDED, row).text
    assert "Bitte den Namen aus dem Ausweis." in client.get(PAGE).content.decode()
    assert not refuse_change(row, actor=staff, answer="x")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Bitte ändern Sie, was anders werden soll."),
        ({"first_name": " "}, "Bitte geben Sie Ihren Vornamen ein."),
        ({"last_name": ""}, "Bitte geben Sie Ihren Nachnamen ein."),
        ({"email": "anna@"}, "Bitte geben Sie eine vollständige E-Mail-Adresse ein"),
        ({"email": ""}, "Bitte geben Sie Ihre E-Mail-Adresse ein."),
        ({"last_name": "x" * 81}, "80"),
        ({"last_name": "Neu", "reason": "x" * 301}, "300"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    client: Client, professional: User, values: dict[str, str], sentence: str
) -> None:
    answer = client.post(PAGE, wish(professional) | {"reason": "Wegen Umzug"} | values)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert values.get("reason", "Wegen Umzug") in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_a_second_wish_replaces_the_first_and_can_be_taken_back(
    client: Client, professional: User
) -> None:
    for name in ("Eins", "Zwei"):
        client.post(PAGE, wish(professional, last_name=name))
    assert list(ChangeRequest.objects.order_by("pk").values_list("state", flat=True)) == [
        State.WITHDRAWN,
        State.OPEN,
    ]

    client.post(f"{PAGE}withdrawal/")
    assert not ChangeRequest.objects.filter(state=State.OPEN).exists()
    assert "Zwei" not in client.get(PAGE).content.decode()
    assert render(ASKED, str(ChangeRequest.objects.latest("pk").pk)) is None


def test_wishes_are_limited(client: Client, professional: User) -> None:
    for _number in range(5):
        client.post(PAGE, wish(professional, last_name="Neu"))

    answer = client.post(PAGE, wish(professional, last_name="Neuer"))
    assert answer.status_code == 422
    assert "in einer Stunde" in answer.content.decode()


def test_nobody_sees_anothers_wish(client: Client, professional: User, colleague: User) -> None:
    client.post(PAGE, wish(professional, last_name="Wolkenschieber"))

    other = signed_in(colleague)
    assert "Wolkenschieber" not in other.get(PAGE).content.decode()
    other.post(f"{PAGE}withdrawal/")
    assert ChangeRequest.objects.get().state == State.OPEN

"""Asking the operator: kept, mailed, shown to whoever asked and to nobody else."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, render
from healthcompanion.support.actions import KIND, close_request
from healthcompanion.support.models import SupportRequest
from tests.infrastructure.clients import signed_in

PAGE = "/settings/support/"
ASKED = {"subject": "Kein Bild", "description": "Seit heute <b>kein</b> Bild.", "report": ""}


@pytest.fixture
def client(professional: User) -> Client:
    return signed_in(professional)


def test_a_request_is_kept_mailed_and_shown(client: Client, settings: Settings) -> None:
    settings.HC_SUPPORT_EMAIL = "hilfe@betreiber.example"
    answer = client.post(PAGE, ASKED | {"report": "Browser: chrome 156"}, follow=True)

    row = SupportRequest.objects.get()
    assert row.number in answer.content.decode()
    assert Message.objects.get(kind=KIND).reference == str(row.pk)
    mail = render(KIND, str(row.pk))
    assert isinstance(mail, Mail)
    assert (mail.to, mail.headers["Reply-To"]) == ("hilfe@betreiber.example", row.user.email)
    assert "Seit heute <b>kein</b> Bild." in mail.text
    assert "Seit heute &lt;b&gt;kein" in mail.html
    assert "chrome 156" in mail.text
    assert "Praxis am Markt" in mail.text
    assert AuditEntry.objects.filter(action="support.requested").count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"subject": " "}, "Bitte sagen Sie in wenigen Worten, worum es geht."),
        ({"description": ""}, "Bitte beschreiben Sie, was passiert ist."),
        ({"subject": "x" * 121}, "120"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(
    client: Client, values: dict[str, str], sentence: str
) -> None:
    answer: Any = client.post(PAGE, ASKED | values)

    text = answer.content.decode()
    assert (answer.status_code, sentence in text) == (422, True)
    assert "Seit heute" in text or values.get("description") == ""
    assert not SupportRequest.objects.exists()


def test_a_report_that_is_too_long_stops_nobody(client: Client) -> None:
    client.post(PAGE, ASKED | {"report": "x" * 4001})

    assert SupportRequest.objects.get().report == "x" * 4000


def test_after_several_in_an_hour_one_waits_and_keeps_the_words(client: Client) -> None:
    for _ in range(5):
        client.post(PAGE, ASKED)

    answer = client.post(PAGE, ASKED)

    assert (answer.status_code, SupportRequest.objects.count()) == (422, 5)
    assert "Seit heute" in answer.content.decode()


def test_others_do_not_see_it(client: Client, stranger: User, pending: User) -> None:
    client.post(PAGE, ASKED)

    for user in (stranger, pending):
        answer = signed_in(user).get(PAGE)
        assert (answer.status_code, "Kein Bild" in answer.content.decode()) == (200, False)


def test_an_answered_one_says_so_once(client: Client, administrator: User) -> None:
    client.post(PAGE, ASKED)
    row = SupportRequest.objects.get()

    assert close_request(row, actor=administrator)
    assert not close_request(row, actor=administrator)

    assert "beantwortet" in client.get(PAGE).content.decode()

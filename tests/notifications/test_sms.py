"""SMS through a gateway: delivered, tried again, refused; never doubled, never in the log."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message, OutboxMail
from tests.calls.news import News
from tests.infrastructure.postgres import free_port
from tests.infrastructure.server import ROOT
from tests.infrastructure.sms import Gateway, sms_gateway
from tests.notifications.conftest import attempt

pytestmark = pytest.mark.django_db
State, Reason = Message.State, Message.Reason
NUMBER = "+4917139200123"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    with sms_gateway() as running:
        settings.HC_SMS_URL, settings.HC_SMS_OUTBOX = running.url, False
        yield running


@pytest.fixture
def text(appointment: Appointment, professional: User) -> Message:
    """Anna's invitation for Paul by SMS, waiting to be sent."""
    professional.language = "en"
    professional.save()
    appointment.patient.phone = NUMBER
    appointment.patient.save()
    return actions.queue_message(
        "appointment.invitation",
        str(appointment.pk),
        channel=Message.Channel.SMS,
        organisation=appointment.organisation,
        sender=professional,
    )


def test_sms_arrives_with_the_link(
    text: Message, gateway: Gateway, appointment: Appointment
) -> None:
    attempt(text)

    assert (text.state, text.reason, text.attempts) == (State.SENT, "", 1)
    [(number, words)] = gateway.texts
    assert number == NUMBER
    assert words.endswith(f" {appointment.link_url}")


def test_other_kinds_of_gateways_are_a_matter_of_the_address(
    text: Message, gateway: Gateway, settings: Settings
) -> None:
    settings.HC_SMS_URL = gateway.form_url

    attempt(text)

    assert [number for number, _words in gateway.texts] == [NUMBER]


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (400, State.FAILED, Reason.SMS_REFUSED),
        (404, State.FAILED, Reason.SMS_REFUSED),
        (422, State.FAILED, Reason.SMS_REFUSED),
        (401, State.QUEUED, Reason.SMS_AWAY),
        (402, State.QUEUED, Reason.SMS_AWAY),
        (429, State.QUEUED, Reason.SMS_AWAY),
        (500, State.QUEUED, Reason.SMS_AWAY),
        (503, State.QUEUED, Reason.SMS_AWAY),
    ],
)
def test_what_the_gateway_says_decides(
    text: Message, gateway: Gateway, status: int, state: str, reason: str
) -> None:
    gateway.status = status

    attempt(text)

    assert (text.state, text.reason, gateway.texts) == (state, reason, [])


def test_gateway_that_comes_back_gets_the_sms(
    text: Message, gateway: Gateway, settings: Settings
) -> None:
    settings.HC_SMS_URL = f"json://127.0.0.1:{free_port()}/sms?:to={{to}}"
    attempt(text)
    assert (text.state, text.reason) == (State.QUEUED, Reason.SMS_AWAY)
    assert round((text.due_at - timezone.now()).total_seconds()) == 10
    settings.HC_SMS_URL = gateway.url

    attempt(text)

    assert (text.state, text.reason, text.attempts) == (State.SENT, "", 2)
    assert len(gateway.texts) == 1


def test_gateway_that_took_it_and_said_nothing_is_not_asked_again(
    text: Message, gateway: Gateway
) -> None:
    gateway.hangs_up = True

    attempt(text)

    assert (text.state, text.reason, len(gateway.texts)) == (State.FAILED, Reason.UNCERTAIN, 1)


def test_sms_that_was_being_handed_over_as_its_worker_died_is_not_sent_again(
    text: Message, gateway: Gateway
) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(state=State.SENDING, due_at=past, handed_over_at=past)

    assert actions.rescue_stuck_messages() == 1

    assert attempt(text).state == State.FAILED
    assert gateway.texts == []


def test_neither_number_nor_text_is_logged(
    text: Message, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for status in (200, 400, 500):
            gateway.status = status
            Message.objects.update(state=State.QUEUED, attempts=0)
            attempt(text)

    assert NUMBER[1:] not in caplog.text
    assert "/g/" not in caplog.text
    assert [record for record in caplog.records if record.name == "apprise"] == []


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (200, "sent", "SMS delivered to Paul Patient"),
        (400, "failed", "SMS could not be delivered to Paul Patient"),
    ],
)
def test_sender_is_told(
    text: Message,
    gateway: Gateway,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    status: int,
    state: str,
    words: str,
) -> None:
    gateway.status = status

    with django_capture_on_commit_callbacks(execute=True):
        attempt(text)

    assert [(event["state"], event["text"]) for _to, event in news.published] == [(state, words)]


def test_demo_keeps_the_sms_and_shows_it_as_on_a_telephone(
    text: Message, client: Client, settings: Settings, appointment: Appointment
) -> None:
    settings.HC_OUTBOX = settings.HC_SMS_OUTBOX = True
    settings.HC_SMS_URL = ""

    attempt(text)

    kept = OutboxMail.objects.get()
    assert (kept.channel, kept.to, text.state) == ("sms", NUMBER, State.SENT)
    assert appointment.link_url in kept.text
    assert "SMS: " in client.get("/outbox/").content.decode()
    page = client.get(f"/outbox/{kept.code}/").content.decode()
    assert 'class="handset__bubble"' in page
    assert "+49 171 39200123" in page
    assert f'href="{appointment.link_url}"' in page


def test_sms_without_a_gateway_waits_for_one(text: Message, settings: Settings) -> None:
    settings.HC_SMS_URL, settings.HC_SMS_OUTBOX = "", False

    attempt(text)

    assert (text.state, text.reason) == (State.QUEUED, Reason.SMS_AWAY)


@pytest.mark.parametrize(
    ("address", "errors"),
    [
        ("", []),
        ("json://127.0.0.1/sms?:to={to}", []),
        ("carrierpigeon://loft/{to}", ["notifications.E001"]),
    ],
)
def test_start_tells_of_an_address_that_cannot_be_read(
    settings: Settings, address: str, errors: list[str]
) -> None:
    settings.HC_SMS_URL = address

    assert [error.id for error in run_checks() if error.id == "notifications.E001"] == errors


def test_who_sends_no_sms_does_not_load_the_library() -> None:
    code = "import sys, django; django.setup(); from django.core import checks; \
checks.run_checks(); import healthcompanion.asgi; print('apprise' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "healthcompanion.settings"},
    )

    assert (said.stdout.strip(), said.returncode) == ("False", 0), said.stderr

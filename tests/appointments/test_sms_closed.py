"""The practice's SMS end after the invitation: another tariff, or the gateway is gone (BIL-4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.appointments import actions
from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation
from tests.appointments.test_views import toasts

pytestmark = pytest.mark.django_db
Channel = Message.Channel


@pytest.fixture
def invited(appointment: Appointment) -> Appointment:
    """By e-mail and SMS; the SMS failed."""
    appointment.professional.language = "en"
    appointment.professional.save()
    appointment.patient.phone = "+491713920012"
    appointment.patient.save()
    actions.send_invitation(appointment, actor=appointment.professional, ways=list(Channel))
    past = timezone.now() - timedelta(minutes=2)
    Message.objects.update(state="sent", sent_at=past, created_at=past)
    Message.objects.filter(channel=Channel.SMS).update(state="failed", failed_at=past, sent_at=None)
    return Appointment.objects.get()


@pytest.fixture(params=["tariff", "gateway"])
def closed(request: pytest.FixtureRequest, invited: Appointment, settings: Any) -> None:
    if request.param == "tariff":
        Organisation.objects.update(has_sms=False)
    else:
        settings.HC_SMS_URL, settings.HC_SMS_OUTBOX = "", False


def queued() -> list[str]:
    return list(Message.objects.filter(state="queued").values_list("channel", flat=True))


def test_sms_that_failed_is_sent_again_while_they_are_open(
    doctor: Client, invited: Appointment
) -> None:
    doctor.post(f"/patients/{invited.code}/invitation/")

    assert queued() == ["sms"]


@pytest.mark.usefixtures("closed")
def test_sending_again_takes_the_way_that_is_left(doctor: Client, invited: Appointment) -> None:
    answer = doctor.post(f"/patients/{invited.code}/invitation/")

    assert toasts(answer) == ["Invitation sent"]
    assert queued() == ["email"]


@pytest.mark.usefixtures("closed")
def test_without_an_address_it_says_what_is_missing(doctor: Client, invited: Appointment) -> None:
    invited.patient.email = ""
    invited.patient.save()

    answer = doctor.post(f"/patients/{invited.code}/invitation/")

    assert toasts(answer) == ["SMS are not possible at the moment. Please add an e-mail address."]
    assert queued() == []


@pytest.mark.usefixtures("closed")
def test_new_link_goes_by_mail_alone(doctor: Client, invited: Appointment) -> None:
    doctor.post(f"/patients/{invited.code}/link/", {"by_email": "on", "by_sms": "on"})

    assert queued() == ["email"]
    assert Appointment.objects.get().patient.link_version == 2


def test_question_about_sms_is_not_asked_outside_the_tariff(
    doctor: Client, invited: Appointment
) -> None:
    before = doctor.get(f"/patients/{invited.code}/link/").content.decode()
    Organisation.objects.update(has_sms=False)

    after = doctor.get(f"/patients/{invited.code}/link/").content.decode()

    assert ('name="by_sms"' in before, 'name="by_sms"' in after) == (True, False)

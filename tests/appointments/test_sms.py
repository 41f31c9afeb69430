"""Invitations by SMS: their words, and what the appointment's pages tell about them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import CANCELLATION, CHANGE, INVITATION, Appointment
from healthcompanion.notifications.gsm7 import ALPHABET, length
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Text, render
from tests.appointments.conftest import BERLIN
from tests.appointments.test_mails import KINDS, MEDICAL
from tests.appointments.test_views import typed

pytestmark = pytest.mark.django_db
Channel, State, Reason = Message.Channel, Message.State, Message.Reason
NUMBER = "+491713920012"


@pytest.fixture
def invited(appointment: Appointment) -> Appointment:
    """Invited by both ways, for half past nine in Berlin; the practice tells a speciality."""
    appointment.starts_at = datetime(2027, 7, 15, 9, 30, tzinfo=BERLIN)
    appointment.duration_minutes = 25
    appointment.patient.phone = NUMBER
    appointment.patient.save()
    appointment.organisation.name = "Praxis für Psychiatrie"
    appointment.organisation.save()
    appointment.save()
    actions.send_invitation(
        appointment, actor=appointment.professional, ways=[Channel.EMAIL, Channel.SMS]
    )
    return appointment


def settle(appointment: Appointment, email: str, sms: str, **sms_values: Any) -> Appointment:
    """As the worker left the two invitations, a while ago."""
    past = timezone.now() - timedelta(minutes=5)
    assert appointment.delivery
    assert appointment.sms_delivery
    rows = Message.objects.filter(pk=appointment.delivery.pk)
    rows.update(state=email, created_at=past, sent_at=past if email == "sent" else None)
    values = {"failed_at": past, "reason": Reason.SMS_REFUSED} if sms == "failed" else {}
    Message.objects.filter(pk=appointment.sms_delivery.pk).update(
        state=sms, created_at=past, **{**values, **sms_values}
    )
    return Appointment.objects.get(pk=appointment.pk)


def text_of(appointment: Appointment, kind: str = INVITATION, language: str = "de") -> str:
    appointment.patient.language = language
    appointment.patient.save()
    if kind == CANCELLATION:
        appointment.deleted_at = timezone.now()
        appointment.save()
    text = render(kind, str(appointment.pk), Channel.SMS)
    assert isinstance(text, Text)
    assert (text.to, text.to_name) == (NUMBER, "Paul Patient")
    return text.text


@pytest.mark.parametrize(
    ("kind", "language", "words"),
    [
        (
            INVITATION,
            "de",
            "Anna Berger lädt Sie zum Video-Gespräch ein: 15.07.2027, 09:30 Uhr, ca. 25 Min. ",
        ),
        (
            INVITATION,
            "en",
            "Anna Berger invites you to a video conversation: 15 Jul 2027, 09:30, about 25 min. ",
        ),
        (
            CHANGE,
            "de",
            "Neue Zeit für Ihr Video-Gespräch mit Anna Berger: 15.07.2027, 09:30 Uhr, ca. 25 Min. ",
        ),
        (
            CHANGE,
            "en",
            "New time of the video conversation with Anna Berger: 15 Jul 2027, 09:30, "
            "about 25 min. ",
        ),
        (
            CANCELLATION,
            "de",
            "Das Video-Gespräch mit Anna Berger am 15.07.2027 um 09:30 Uhr findet nicht statt. "
            "Ihr Link gilt nicht mehr.",
        ),
        (
            CANCELLATION,
            "en",
            "The video conversation with Anna Berger on 15 Jul 2027 at 09:30 will not take place. "
            "Your link no longer works.",
        ),
    ],
)
def test_sms_says_who_when_and_how_long(
    invited: Appointment, kind: str, language: str, words: str
) -> None:
    link = "" if kind == CANCELLATION else invited.link_url

    assert text_of(invited, kind, language) == words + link


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name",
    [
        ("Anna", "Berger"),
        ("Ayşe", "Çelik-Łukasz"),
        ("Maximiliane Friederike", "von und zu Hohenstein-Schwarzenfeld-Wittgenstein"),
    ],
)
def test_sms_is_one_long_and_has_no_medical_word(
    invited: Appointment, settings: Settings, kind: str, language: str, name: tuple[str, str]
) -> None:
    settings.HC_BASE_URL = "https://video.example.org"
    host = invited.professional
    host.title, host.first_name, host.last_name = "Dr. med.", *name
    host.save()

    text = text_of(invited, kind, language)

    assert length(text) <= 160
    assert set(text) <= ALPHABET
    assert MEDICAL.findall(text) == []
    assert not any(word in text for word in ("Paul", "Psychiatrie", "med."))
    assert (invited.link_url in text) == (kind != CANCELLATION)


def test_deleted_appointment_invites_nobody(invited: Appointment) -> None:
    Appointment.objects.update(deleted_at=timezone.now())

    assert render(INVITATION, str(invited.pk), Channel.SMS) is None


def test_form_invites_by_both_ways(doctor: Client) -> None:
    answer = doctor.post("/patients/new/", typed(by_sms="on", mobile="0171 39200 12"))

    row = Appointment.objects.get()
    assert answer.status_code == 302
    assert row.patient.phone == NUMBER
    assert [message.channel for message in row.deliveries] == ["email", "sms"]
    assert Message.objects.count() == 2


def test_wrong_number_stays_with_its_sentence_beside_it(doctor: Client) -> None:
    answer = doctor.post("/patients/new/", typed(by_sms="on", mobile="089 1234567"))

    page = answer.content.decode()
    assert (answer.status_code, Appointment.objects.count()) == (422, 0)
    assert 'value="089 1234567"' in page
    assert "Das ist keine Mobilnummer" in page


@pytest.mark.parametrize(("has_sms", "gateway"), [(False, True), (True, False), (False, False)])
def test_sms_needs_the_tariff_and_a_gateway(
    doctor: Client, professional: User, settings: Settings, has_sms: bool, gateway: bool
) -> None:
    professional.membership.organisation.has_sms = has_sms
    professional.membership.organisation.save()
    settings.HC_SMS_OUTBOX = gateway

    form = doctor.get("/patients/new/").content.decode()
    doctor.post("/patients/new/", typed(by_sms="on", mobile="0171 39200 12"))

    assert 'id="id_mobile"' not in form
    assert ("Standard und Premium" in form) == (gateway and not has_sms)
    assert [message.channel for message in Message.objects.all()] == ["email"]
    assert Appointment.objects.get().patient.phone == ""


def test_pages_tell_of_the_way_that_failed(doctor: Client, invited: Appointment) -> None:
    settle(invited, "sent", "failed")

    row = doctor.get("/patients/").content.decode()
    page = doctor.get(f"/patients/{invited.code}/").content.decode()

    assert "SMS nicht zugestellt" in row
    assert "Der SMS-Dienst hat die Nachricht abgelehnt." in row
    assert "Die Einladung per SMS konnte nicht zugestellt werden." in page
    assert "Die Einladung konnte nicht zugestellt werden." not in page
    assert page.count("Der SMS-Dienst hat die Nachricht abgelehnt.") == 2  # history, too
    assert "Bitte prüfen Sie die Mobilnummer" in page
    assert "+49 171 3920012" in page


def test_history_tells_of_each_way(invited: Appointment) -> None:
    texts = [str(line.text) for line in history_of(settle(invited, "sent", "failed"))]

    assert sorted(texts) == sorted(
        [
            "Einladung an den Mailversand übergeben",
            "Einladung an den SMS-Dienst übergeben",
            "Einladung per E-Mail zugestellt",
            "Einladung per SMS nicht zugestellt: Der SMS-Dienst hat die Nachricht abgelehnt. "
            "Stimmt die Mobilnummer?",
        ]
    )


@pytest.mark.parametrize(
    ("email", "sms", "again"),
    [
        ("sent", "failed", ["sms"]),
        ("failed", "sent", ["email"]),
        ("failed", "failed", ["email", "sms"]),
        ("sent", "sent", ["email", "sms"]),
        ("queued", "failed", ["sms"]),
    ],
)
def test_sending_again_goes_by_the_ways_that_failed_or_by_all(
    invited: Appointment, email: str, sms: str, again: list[str]
) -> None:
    row = settle(invited, email, sms)
    before = set(Message.objects.values_list("pk", flat=True))

    actions.send_invitation_again(row, actor=row.professional)

    fresh = Message.objects.exclude(pk__in=before).order_by("pk")
    assert [message.channel for message in fresh] == again
    assert {message.pk for message in fresh} <= {message.pk for message in row.deliveries}


def test_button_sends_the_sms_again(doctor: Client, invited: Appointment) -> None:
    invited.patient.email = ""
    invited.patient.save()
    settle(invited, "sent", "failed")

    doctor.post(f"/patients/{invited.code}/invitation/")

    row = Appointment.objects.get(pk=invited.pk)
    assert row.sms_delivery
    assert (row.sms_delivery.state, Message.objects.count()) == (State.QUEUED, 3)


@pytest.mark.parametrize(
    ("email", "sms", "values", "told"),
    [
        ("sent", "sent", {}, ["email", "sms"]),
        ("failed", "sent", {}, ["sms"]),
        ("sent", "failed", {}, ["email"]),
        ("sent", "failed", {"reason": Reason.UNCERTAIN}, ["email", "sms"]),
        ("queued", "queued", {}, []),
    ],
)
def test_cancellation_goes_by_every_way_that_arrived(
    invited: Appointment, email: str, sms: str, values: dict[str, str], told: list[str]
) -> None:
    row = settle(invited, email, sms, **values)
    row.starts_at = timezone.now() + timedelta(days=1)
    row.save()

    actions.delete_appointment(row, actor=row.professional)

    sent = Message.objects.filter(kind="appointment.cancellation").order_by("pk")
    assert [message.channel for message in sent] == told


def test_stranger_sees_and_sends_nothing(invited: Appointment, stranger: User) -> None:
    client = Client()
    client.force_login(stranger)

    answers = [
        client.get(f"/patients/{invited.code}/"),
        client.post(f"/patients/{invited.code}/invitation/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert NUMBER not in "".join(answer.content.decode() for answer in answers)
    assert Message.objects.count() == 2

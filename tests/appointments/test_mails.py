"""Mails to patients: with the link, without a medical word, in the patient's language."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications.wording import Mail, render
from tests.appointments.conftest import BERLIN

pytestmark = pytest.mark.django_db
KINDS = ["appointment.invitation", "appointment.change", "appointment.cancellation"]
MEDICAL = re.compile(
    r"arzt|ärzt|patient|sprechstunde|behandl|praxis|medizin|krank|gesundheit"
    r"|doctor|physician|consult|medical|clinic|surgery|treatment|health(?!companion)|disease",
    re.IGNORECASE,
)
STYLES = re.compile(r"<style.*?</style>|<[^>]+>", re.DOTALL)


@pytest.fixture
def invited(appointment: Appointment) -> Appointment:
    """An appointment at half past nine in Berlin; practice and person bear plain names."""
    appointment.starts_at = datetime(2027, 7, 15, 9, 30, tzinfo=BERLIN)
    appointment.duration_minutes = 25
    appointment.save()
    appointment.patient.first_name, appointment.patient.last_name = "Paul", "Pätzold"
    appointment.patient.save()
    appointment.organisation.name = "Haus am Markt"
    appointment.organisation.save()
    return appointment


def mail_of(appointment: Appointment, kind: str, language: str) -> Mail:
    appointment.patient.language = language
    appointment.patient.save()
    if kind == "appointment.cancellation":
        appointment.deleted_at = timezone.now()
        appointment.save()
    mail = render(kind, str(appointment.pk))
    assert isinstance(mail, Mail)
    return mail


def words(html: str) -> str:
    return " ".join(STYLES.sub(" ", html).split())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_mail_has_no_medical_word(
    invited: Appointment, settings: Any, kind: str, language: str
) -> None:
    settings.HC_OPERATOR = {"name": "Betreiber", "street": "Weg 1", "city": "Ort"}

    mail = mail_of(invited, kind, language)

    for part in (mail.subject, mail.text, words(mail.html)):
        assert MEDICAL.findall(part) == []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_mail_names_the_patient_in_the_salutation_only(
    invited: Appointment, kind: str, language: str
) -> None:
    mail = mail_of(invited, kind, language)

    assert mail.subject.count("Pätzold") == 0
    assert mail.text.count("Pätzold") == 1
    assert words(mail.html).count("Pätzold") == 1
    assert "Pätzold" in mail.text.splitlines()[0]


@pytest.mark.parametrize(
    ("language", "subject", "day", "clock"),
    [
        ("de", "Ihr Online-Termin am 15.07.2027", "15. Juli 2027", "09:30"),
        ("en", "Your online appointment on 15 Jul 2027", "15 July 2027", "09:30"),
    ],
)
def test_invitation_says_who_when_how_long_and_where(
    invited: Appointment, language: str, subject: str, day: str, clock: str
) -> None:
    mail = mail_of(invited, "appointment.invitation", language)

    assert (mail.to, mail.to_name, mail.subject) == ("paul@example.net", "Paul Pätzold", subject)
    for part in (mail.text, words(mail.html)):
        for fact in ("Dr. Anna Berger", "Haus am Markt", day, clock, "25"):
            assert fact in part
    assert invited.link_url in mail.text.splitlines()
    assert mail.html.count(f'href="{invited.link_url}"') == 2  # the button, and in clear
    assert f'<html lang="{language}"' in mail.html


def test_time_in_a_mail_is_that_of_the_practice(invited: Appointment) -> None:
    with translation.override("en"), timezone.override("America/New_York"):
        mail = mail_of(invited, "appointment.invitation", "de")

    assert "09:30" in mail.text


@pytest.mark.parametrize("kind", KINDS)
def test_names_with_markup_are_text(invited: Appointment, kind: str) -> None:
    invited.patient.first_name = "<b>Paul</b> & Söhne"
    invited.organisation.name = '<img src="x">'
    invited.organisation.save()

    mail = mail_of(invited, kind, "de")

    assert "<b>Paul</b> & Söhne" in mail.text
    assert "<b>" not in mail.html
    assert '<img src="x">' not in mail.html


@pytest.mark.parametrize("kind", KINDS)
def test_mail_loads_nothing_from_anywhere(invited: Appointment, kind: str) -> None:
    html = mail_of(invited, kind, "de").html

    assert re.findall(r"<(?:img|script|link|iframe|object)\b", html) == []
    assert set(re.findall(r"""(?:href|src)=["']([^"']+)""", html)) <= {
        invited.link_url,
        invited.check_url,
    }
    assert "url(" not in html


def test_cancellation_carries_no_link(invited: Appointment) -> None:
    mail = mail_of(invited, "appointment.cancellation", "de")

    assert invited.link_url not in mail.text + mail.html
    assert "15.07.2027" in mail.subject


def test_mail_of_the_wrong_moment_is_dropped(invited: Appointment) -> None:
    assert render("appointment.cancellation", str(invited.pk)) is None
    invited.deleted_at = timezone.now()
    invited.save()
    assert render("appointment.invitation", str(invited.pk)) is None
    assert render("appointment.invitation", "0") is None


def test_without_an_address_there_is_no_mail(invited: Appointment) -> None:
    invited.patient.email = ""
    invited.patient.save()

    assert render("appointment.invitation", str(invited.pk)) is None

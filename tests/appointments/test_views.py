"""The pages of "Patienten"."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Visit
from healthcompanion.notifications.models import Message
from tests.appointments.test_forms import GOOD
from tests.factories import AppointmentFactory, VisitFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db


def typed(**changes: Any) -> dict[str, Any]:
    """What a browser sends for an appointment tomorrow."""
    day = timezone.localdate() + timedelta(days=1)
    return {**GOOD, "date": day.isoformat(), "time": "14:30", **changes}


def toasts(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def english(professional: User) -> None:
    professional.language = "en"
    professional.save()


@pytest.mark.usefixtures("english")
def test_inviting_creates_patient_appointment_and_mail(doctor: Client, professional: User) -> None:
    answer = doctor.post("/patients/new/", typed(duration_minutes="45", language="en"))

    row = Appointment.objects.get()
    local = timezone.localtime(row.starts_at, row.organisation.zone)
    assert (answer.status_code, answer["Location"]) == (302, f"/patients/{row.code}/")
    assert (row.professional, row.created_by, row.duration_minutes) == (
        professional,
        professional,
        45,
    )
    assert (local.date().isoformat(), local.time().isoformat()) == (typed()["date"], "14:30:00")
    assert (row.patient.full_name, row.patient.email) == ("Erika Mustermann", "erika@example.org")
    assert (row.patient.host, row.patient.language) == (professional, "en")
    assert row.patient.link_expires_at == row.starts_at + timedelta(days=92)
    assert timezone.now() - row.message_consent_at < timedelta(minutes=1)
    assert row.delivery == Message.objects.get()
    assert (Message.objects.get().kind, Message.objects.get().sender) == (
        "appointment.invitation",
        professional,
    )
    assert toasts(answer) == ["Your appointment was created and the participant was informed."]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "appointment.created",
        "invitation.queued",
    ]


@pytest.mark.parametrize(("ticked", "wanted"), [({"reminders": "on"}, True), ({}, False)])
def test_reminders_are_ticked_at_first_and_can_be_left_out(
    doctor: Client, ticked: dict[str, str], wanted: bool
) -> None:
    page = doctor.get("/patients/new/").content.decode()
    doctor.post("/patients/new/", typed(**ticked))

    row = Appointment.objects.get()
    assert re.search('name="reminders"[^>]* checked', page)
    assert (row.reminders, row.remind_at is not None) == (wanted, wanted)


@pytest.mark.usefixtures("english")
def test_link_can_be_passed_on_instead_of_a_mail(doctor: Client) -> None:
    answer = doctor.post("/patients/new/", typed(by_email="", by_link="on", email=""))

    assert answer.status_code == 302
    assert Appointment.objects.get().delivery is None
    assert not Message.objects.exists()
    assert toasts(answer) == ["Your appointment was created. Please pass on the link."]


def test_wrong_form_is_shown_again_with_what_was_typed(doctor: Client) -> None:
    values = typed(first_name="Ayşe <b>", last_name="", email="wrong@", duration_minutes="7")

    answer = doctor.post("/patients/new/", values)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Appointment.objects.exists()
    for kept in ("Ayşe &lt;b&gt;", "wrong@", 'value="7"', values["date"], 'value="14:30"'):
        assert kept in page
    assert 'aria-invalid="true"' in page


def test_form_begins_with_today_and_ones_own_language(doctor: Client, english: None) -> None:
    initial = doctor.get("/patients/new/").context["form"].initial

    assert initial["date"] == timezone.localdate()
    assert initial["language"] == "en"


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_the_same_for_any_number_of_rows(
    doctor: Client,
    professional: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        row = AppointmentFactory(
            professional=professional, starts_at=timezone.now() + timedelta(days=number)
        )
        VisitFactory(guest=row.patient)
    doctor.get("/patients/")

    with django_assert_num_queries(LIST_QUERIES):
        page = doctor.get("/patients/")

    assert page.content.decode().count('<li class="row') == count


LIST_QUERIES = 8


def test_list_shows_ones_own_patients_only(
    doctor: Client, appointment: Appointment, colleague: User, stranger: User
) -> None:
    page = doctor.get("/patients/")

    shown = [row for section in page.context["sections"] for row in section.appointments]
    assert shown == [appointment]
    assert "Kollegenpatient" not in page.content.decode()
    assert "Fremdpatient" not in page.content.decode()


def test_stranger_and_colleague_find_nothing_of_a_patient(
    appointment: Appointment, stranger: User, colleague: User
) -> None:
    for person in (stranger, colleague):
        client = signed_in(person)
        answers = [
            client.get(f"/patients/{appointment.code}/"),
            client.get(f"/patients/{appointment.code}/deletion/"),
            client.post(f"/patients/{appointment.code}/deletion/"),
            client.post(f"/patients/{appointment.code}/invitation/"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert "Paul Patient" not in client.get("/patients/").content.decode()
    appointment.refresh_from_db()
    assert (appointment.deleted_at, Message.objects.count()) == (None, 0)


def test_detail_shows_patient_link_and_history(doctor: Client, appointment: Appointment) -> None:
    page = doctor.get(f"/patients/{appointment.code}/")

    assert page.status_code == 200
    assert page.context["appointment"] == appointment
    assert f'data-copy="{appointment.link_url}"' in page.content.decode()
    assert "Paul Patient" in page.content.decode()


def test_deletion_asks_first(doctor: Client, appointment: Appointment) -> None:
    page = doctor.get(f"/patients/{appointment.code}/deletion/")

    appointment.refresh_from_db()
    assert (page.status_code, appointment.deleted_at) == (200, None)
    assert "Paul Patient" in page.content.decode()


@pytest.mark.usefixtures("english")
def test_deletion_removes_the_appointment_and_kills_the_link(
    doctor: Client, appointment: Appointment
) -> None:
    answer = doctor.post(f"/patients/{appointment.code}/deletion/")

    appointment.refresh_from_db()
    appointment.patient.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/patients/")
    assert toasts(answer) == ["The appointment was deleted and its link no longer works."]
    assert appointment.deleted_at is not None
    assert not appointment.patient.has_open_link
    assert doctor.get(f"/patients/{appointment.code}/").status_code == 404
    assert doctor.get("/patients/").context["sections"] == []
    assert Client().get(appointment.link_url.removeprefix("http://localhost:8000")).status_code == (
        410
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("state", [Visit.State.CALLED, Visit.State.CONSULTATION])
def test_running_consultation_is_hung_up_before_deleting(
    doctor: Client, appointment: Appointment, state: str
) -> None:
    VisitFactory(guest=appointment.patient, state=state)

    answer = doctor.post(f"/patients/{appointment.code}/deletion/")

    appointment.refresh_from_db()
    assert answer["Location"] == f"/patients/{appointment.code}/"
    assert toasts(answer) == ["The consultation is still running. Please hang up first."]
    assert appointment.deleted_at is None


@pytest.mark.usefixtures("english")
def test_invitation_can_be_sent_again(doctor: Client, appointment: Appointment) -> None:
    answer = doctor.post(f"/patients/{appointment.code}/invitation/")

    appointment.refresh_from_db()
    assert answer["Location"] == f"/patients/{appointment.code}/"
    assert toasts(answer) == ["Invitation sent"]
    assert appointment.delivery == Message.objects.get()


def test_mail_server_that_is_down_never_makes_a_page_fail(
    doctor: Client,
    settings: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with django_capture_on_commit_callbacks(execute=True):
        answer = doctor.post("/patients/new/", typed())

    assert answer.status_code == 302
    assert Message.objects.get().state == Message.State.QUEUED


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Termin erstellen"), ("en", "Create an appointment")]
)
def test_pages_speak_the_professionals_language(
    doctor: Client, professional: User, language: str, title: str
) -> None:
    professional.language = language
    professional.save()

    page = doctor.get("/patients/new/", headers={"accept-language": "fr"})

    assert f'lang="{language}"' in page.content.decode()
    assert title in page.content.decode()
    assert page["Content-Language"] == language


@pytest.mark.parametrize("filter_", ["past", "upcoming", "online", "all", "<script>", ""])
def test_every_filter_answers_and_unknown_ones_mean_all(
    doctor: Client, appointment: Appointment, filter_: str
) -> None:
    page = doctor.get("/patients/", {"filter": filter_})

    known = filter_ if filter_ in {"past", "upcoming", "online"} else "all"
    active = [row["key"] for row in page.context["filters"] if row["active"]]
    assert (page.status_code, active) == (200, [known])
    assert "<script>" not in page.content.decode()

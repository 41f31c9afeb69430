"""The page "Termin bearbeiten"."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.models import Appointment
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Visit
from healthcompanion.notifications.models import Message
from tests.appointments.conftest import BERLIN, SetClock
from tests.appointments.test_views import toasts
from tests.factories import VisitFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(professional: User) -> None:
    professional.language = "en"
    professional.save()


def typed(appointment: Appointment, **changes: Any) -> dict[str, Any]:
    """What a browser sends back of the page, with `changes`."""
    start = timezone.localtime(appointment.starts_at, BERLIN)
    patient = appointment.patient
    return {
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "email": patient.email,
        "language": patient.language,
        "date": start.date().isoformat(),
        "time": f"{start:%H:%M}",
        "duration_minutes": appointment.duration_minutes,
        "reminders": "on",
        **changes,
    }


def url(appointment: Appointment) -> str:
    return f"/patients/{appointment.code}/edit/"


def test_page_shows_what_is_agreed(doctor: Client, appointment: Appointment) -> None:
    page = doctor.get(url(appointment)).content.decode()

    values = typed(appointment)
    for name in ("first_name", "last_name", "email", "date", "time", "duration_minutes"):
        assert f'name="{name}" value="{values[name]}"' in page
    assert 'name="message_consent"' not in page
    assert 'name="by_email"' not in page


def test_saving_moves_the_appointment_and_says_so(
    doctor: Client, appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    Message.objects.update(state="sent")
    day = timezone.localdate(timezone=BERLIN) + timedelta(days=3)

    answer = doctor.post(
        url(appointment), typed(appointment, date=day.isoformat(), time="14:30", last_name="Neu")
    )

    row = Appointment.objects.get()
    start = timezone.localtime(row.starts_at, BERLIN)
    assert (answer.status_code, answer["Location"]) == (302, f"/patients/{row.code}/")
    assert (start.date(), f"{start:%H:%M}", row.patient.last_name) == (day, "14:30", "Neu")
    assert toasts(answer) == [
        "The changes are saved and the participant is informed of the new time."
    ]


def test_untouched_page_moves_nothing_by_seconds(doctor: Client, appointment: Appointment) -> None:
    before = appointment.starts_at

    answer = doctor.post(url(appointment), typed(appointment))

    assert Appointment.objects.get().starts_at == before
    assert toasts(answer) == ["The changes are saved. No message was sent."]
    assert not AuditEntry.objects.exists()


def test_reminders_can_be_switched_off(
    doctor: Client, appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    before = doctor.get(appointment.get_absolute_url()).content.decode()

    unticked = {name: value for name, value in typed(appointment).items() if name != "reminders"}
    answer = doctor.post(url(appointment), unticked)

    page = doctor.get(appointment.get_absolute_url()).content.decode()
    row = Appointment.objects.get()
    assert (row.reminders, row.remind_at) == (False, None)
    assert toasts(answer) == ["The changes are saved. No message was sent."]
    assert ("24 hours and 1 hour before" in before, "24 hours and 1 hour before" in page) == (
        True,
        False,
    )
    assert "Appointment changed (reminders)" in page
    assert 'name="reminders" id="id_reminders" checked' not in doctor.get(url(row)).content.decode()


def test_past_appointment_can_be_corrected_but_not_moved_into_the_past(
    doctor: Client, appointment: Appointment
) -> None:
    Appointment.objects.update(starts_at=timezone.now() - timedelta(days=2))
    appointment.refresh_from_db()

    wrong = doctor.post(url(appointment), typed(appointment, time="00:01"))
    right = doctor.post(url(appointment), typed(appointment, last_name="Neu"))

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert wrong.context["form"].errors == {
        "date": ["This time has passed. Please choose a later one."]
    }


def test_hour_that_the_clocks_skip_is_refused(
    professional: User, appointment: Appointment, set_clock: SetClock
) -> None:
    set_clock("2027-03-01 10:00")
    doctor = signed_in(professional)

    page = doctor.post(url(appointment), typed(appointment, date="2027-03-28", time="02:30"))

    assert page.context["form"].errors == {
        "time": ["The clocks are put forward that night: this time does not exist."]
    }


def test_wrong_values_stay_in_the_form(doctor: Client, appointment: Appointment) -> None:
    values = typed(appointment, first_name="Ayşe <b>", last_name="", email="wrong@", time="25:00")

    answer = doctor.post(url(appointment), values)

    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("Ayşe &lt;b&gt;", "wrong@", "25:00"):
        assert kept in page
    assert set(answer.context["form"].errors) == {"last_name", "email", "time"}
    assert Appointment.objects.get().patient.first_name == "Paul"


@pytest.mark.parametrize("state", [Visit.State.CALLED, Visit.State.CONSULTATION])
def test_running_consultation_is_said_and_nothing_typed_is_lost(
    doctor: Client, appointment: Appointment, state: str
) -> None:
    VisitFactory(guest=appointment.patient, state=state)

    answer = doctor.post(url(appointment), typed(appointment, last_name="Getippt"))

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "The consultation is still running. Please hang up first."
    ]
    assert "Getippt" in answer.content.decode()
    assert Appointment.objects.get().patient.last_name == "Patient"


def test_waiting_patients_address_is_refused_beside_the_field(
    doctor: Client, appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    Message.objects.update(state="sent")
    VisitFactory(guest=appointment.patient)

    answer = doctor.post(url(appointment), typed(appointment, email="neu@example.org"))

    assert list(answer.context["form"].errors) == ["email"]
    assert "neu@example.org" in answer.content.decode()


def test_strangers_and_colleagues_find_nothing(
    appointment: Appointment, stranger: User, colleague: User
) -> None:
    for person in (stranger, colleague):
        client = signed_in(person)
        values = typed(appointment, last_name="Fremd")
        answers = [client.get(url(appointment)), client.post(url(appointment), values)]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert (
        appointment.patient.last_name
        == Appointment.objects.get(pk=appointment.pk).patient.last_name
    )

"""Assistants handle the appointments of the professionals they serve, and hold none (DEC-7)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call
from healthcompanion.core import events
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.news import tell_arrival
from healthcompanion.organisations.members import assign
from healthcompanion.organisations.models import Membership
from tests.factories import AppointmentFactory, VisitFactory
from tests.infrastructure.clients import signed_in


@pytest.fixture
def desk(assistant: User, professional: User, administrator: User) -> Client:
    """Asta's browser: she works for Anna."""
    assign(assistant.membership, [professional.membership], actor=administrator)
    return signed_in(assistant)


def typed(**changes: str) -> dict[str, str]:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "first_name": "Nora",
        "last_name": "Neu",
        "by_link": "on",
        "email": "",
        "date": tomorrow.isoformat(),
        "time": "10:30",
        "duration_minutes": "20",
        "language": "de",
        "message_consent": "on",
        **changes,
    }


def test_without_an_assignment_the_page_says_what_to_do(
    assistant: User, appointment: Appointment
) -> None:
    client = signed_in(assistant)

    for path in ("/", "/patients/"):
        text = client.get(path).content.decode()
        assert "Sie sind noch niemandem zugeordnet" in text
        assert "Paul Patient" not in text
    assert client.get(f"/patients/{appointment.code}/").status_code == 404
    assert client.post("/patients/new/", typed()).status_code == 422
    assert Appointment.objects.count() == 1


def test_an_assistant_sees_the_served_alone_and_can_call_nobody(
    desk: Client, appointment: Appointment, colleague: User
) -> None:
    VisitFactory(guest=appointment.patient, state=Visit.State.WAITING)
    text = desk.get("/patients/").content.decode()
    detail = desk.get(f"/patients/{appointment.code}/").content.decode()

    assert ("Paul Patient" in text, "Dr. Anna Berger" in text) == (True, True)
    assert "Kollegenpatient" not in text
    assert f'id="call-{appointment.code}' not in text + detail
    assert 'id="chat"' not in detail
    other = Appointment.objects.get(professional=colleague)
    assert desk.get(f"/patients/{other.code}/").status_code == 404
    answer = desk.post(
        reverse("calls:call-create", args=[appointment.code]),
        {"offer": {"type": "offer", "sdp": "v=0"}},
        content_type="application/json",
    )
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")
    assert not Call.objects.exists()


def test_an_assistant_creates_for_the_chosen_professional(
    desk: Client, assistant: User, professional: User, colleague: User
) -> None:
    assert desk.post("/patients/new/", typed(professional=colleague.code)).status_code == 422

    assert desk.post("/patients/new/", typed(professional=professional.code)).status_code == 302
    made = Appointment.objects.get(patient__last_name="Neu")
    assert (made.professional, made.created_by) == (professional, assistant)
    assert made.patient.host == professional


def test_an_assistant_moves_and_deletes(desk: Client, appointment: Appointment) -> None:
    path = f"/patients/{appointment.code}/"
    assert desk.post(f"{path}edit/", typed(last_name="Moved")).status_code == 302
    appointment.patient.refresh_from_db()
    assert appointment.patient.last_name == "Moved"

    assert desk.post(f"{path}deletion/").status_code == 302
    appointment.refresh_from_db()
    assert appointment.deleted_at is not None


def test_what_is_taken_back_is_gone(
    desk: Client, assistant: User, administrator: User, appointment: Appointment
) -> None:
    assert desk.get(f"/patients/{appointment.code}/").status_code == 200

    assign(assistant.membership, [], actor=administrator)
    assert desk.get(f"/patients/{appointment.code}/").status_code == 404


def test_the_list_can_be_cut_down_to_one_professional(
    desk: Client, assistant: User, administrator: User, appointment: Appointment, colleague: User
) -> None:
    both = [appointment.professional.membership, colleague.membership]
    assign(assistant.membership, both, actor=administrator)

    text = desk.get("/patients/", {"professional": colleague.code}).content.decode()
    assert ("Kollegenpatient" in text, "Paul Patient" in text) == (True, False)


def test_a_professional_without_a_licence_is_served_no_more(
    desk: Client, professional: User, appointment: Appointment
) -> None:
    Membership.objects.filter(user=professional).update(is_licensed=False)

    assert desk.get(f"/patients/{appointment.code}/").status_code == 404


def test_who_works_for_the_host_hears_of_arrivals(
    desk: Client,
    assistant: User,
    colleague: User,
    guest: Guest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(events, "publish", lambda channels, news: told.extend(channels))
    tell_arrival(guest)

    assert told == [events.user_channel(guest.host_id), events.user_channel(assistant.pk)]


def test_who_became_an_assistant_has_no_patients_of_their_own(professional: User) -> None:
    row = AppointmentFactory(professional=professional)
    Membership.objects.filter(user=professional).update(role=Membership.Role.ASSISTANT)

    assert signed_in(professional).get(f"/patients/{row.code}/").status_code == 404

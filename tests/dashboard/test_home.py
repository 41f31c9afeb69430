"""The front door, the professional's day, and what the frame around every page knows."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call
from healthcompanion.calls.queries import participant_for
from healthcompanion.core import events
from healthcompanion.guests.models import Visit
from healthcompanion.organisations.models import Assignment
from tests.calls.logged import ended
from tests.calls.news import News
from tests.factories import AppointmentFactory, CallFactory, VisitFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
HOME_QUERIES = 7


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


def in_minutes(professional: User, minutes: int) -> Appointment:
    return AppointmentFactory(
        professional=professional,
        starts_at=timezone.now() + timedelta(minutes=minutes),
        duration_minutes=15,
    )


def overview(person: User) -> str:
    """What the start page shows this person between frame and dock."""
    return signed_in(person).get("/").content.decode().split('id="overview"')[1].split("</main>")[0]


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Far from midnight, so that a few minutes stay within the day."""
    moment = timezone.localtime().replace(hour=12, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.mark.parametrize("language", ["de", "en"])
def test_visitors_stand_at_the_front_door(
    client: Client, language: str, appointment: Appointment
) -> None:
    client.cookies["hc_language"] = language

    page = client.get("/")

    text = page.content.decode()
    assert page.status_code == 200
    assert f'lang="{language}"' in text
    assert "/accounts/login/" in text
    assert "/accounts/signup/" in text
    assert "Paul" not in text


@pytest.mark.usefixtures("noon")
def test_day_shows_ones_own_appointments_and_the_next_one(
    professional: User, colleague: User, stranger: User
) -> None:
    over, running, later = (in_minutes(professional, minutes) for minutes in (-60, -10, 60))
    in_minutes(professional, 24 * 60)

    page = signed_in(professional).get("/")

    assert page.context["today"] == [over, running, later]
    assert page.context["next_appointment"] == running
    assert page.context["waiting"] == []
    assert "Kollegenpatient" not in page.content.decode()
    assert "Fremdpatient" not in page.content.decode()


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_the_database_the_same_for_any_number_of_rows(
    professional: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        VisitFactory(guest=in_minutes(professional, 20 * number).patient)
    client = signed_in(professional)
    client.get("/")

    with django_assert_num_queries(HOME_QUERIES):
        page = client.get("/")

    assert len(page.context["today"]) == count


def test_who_waits_is_counted_on_every_page(professional: User, stranger: User, news: News) -> None:
    for state in (Visit.State.WAITING, Visit.State.WAITING, Visit.State.CONSULTATION):
        row = in_minutes(professional, 10)
        VisitFactory(guest=row.patient, state=state)
        news.present.add(events.guest_channel(row.patient_id))
    VisitFactory(guest=in_minutes(professional, 10).patient)  # without a living page
    foreign = stranger.appointments.get().patient
    VisitFactory(guest=foreign)
    news.present.add(events.guest_channel(foreign.pk))
    client = signed_in(professional)

    assert [client.get(path).context["waiting_count"] for path in ("/", "/patients/")] == [2, 2]
    assert len(client.get("/").context["waiting"]) == 2


def test_new_account_is_shown_its_first_steps(individual: User, professional: User) -> None:
    in_minutes(professional, 10)

    assert signed_in(individual).get("/").context["first_steps"] is True
    assert signed_in(professional).get("/").context["first_steps"] is False


def test_reloaded_page_goes_back_into_the_call(professional: User, stranger: User) -> None:
    client = signed_in(professional)
    before = client.get("/patients/").context["call_json"]
    row = in_minutes(professional, 0)
    VisitFactory(guest=row.patient, state=Visit.State.CONSULTATION)
    call = CallFactory(guest=row.patient, state=Call.State.ACTIVE)

    state = json.loads(client.get("/patients/").context["call_json"])

    assert before == ""
    assert (state["code"], state["state"]) == (call.code, "active")
    assert state["me"] == participant_for(professional, call.code).code
    assert signed_in(stranger).get("/patients/").context["call_json"] == ""


def test_missed_calls_lead_to_the_patient(
    professional: User, colleague: User, appointment: Appointment
) -> None:
    ended(professional, appointment.patient, outcome=Call.Outcome.MISSED)

    page = signed_in(professional).get("/")
    section = page.content.decode().split('id="missed-title"')[1].split("</section>")[0]

    assert appointment.get_absolute_url() in section
    assert appointment.patient.full_name in section
    assert 'id="missed-title"' not in signed_in(colleague).get("/").content.decode()


def test_assistant_reads_for_whom_they_work_and_finds_nothing_to_call_with(
    assistant: User, professional: User, stranger: User, news: News
) -> None:
    row = in_minutes(professional, 5)
    VisitFactory(guest=row.patient, state=Visit.State.WAITING)
    news.present.add(events.guest_channel(row.patient_id))
    Assignment.objects.create(assistant=assistant.membership, professional=professional.membership)
    ended(professional, row.patient, outcome=Call.Outcome.MISSED)

    page = signed_in(assistant).get("/")
    text = page.content.decode()

    assert page.context["served"] == [professional]
    assert f"<strong>{professional.full_name}</strong>" in text
    assert page.context["waiting"] == [row]
    assert page.context["missed"] == []
    assert "data-call-start" not in overview(assistant)
    assert "/settings/devices/" not in overview(assistant)
    assert "data-call-start" in overview(professional)
    assert stranger.full_name not in text


def test_first_steps_tick_off_what_is_done(individual: User) -> None:
    client = signed_in(individual)
    before = client.get("/").content.decode()
    client.post("/settings/devices/", {"camera": "Brio", "microphone": "", "speaker": ""})
    after = client.get("/").content.decode()

    assert "/settings/devices/" in before
    assert "/settings/profile/" in before
    assert [text.count("quick__icon--done") for text in (before, after)] == [0, 1]


def test_assistant_has_a_start_page(assistant: User, appointment: Appointment) -> None:
    page = signed_in(assistant).get("/")

    assert page.status_code == 200
    assert page.context["today"] == []
    assert "Paul" not in page.content.decode()


def test_every_answer_forbids_what_pages_do_not_need(professional: User) -> None:
    page = signed_in(professional).get("/")

    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"


def test_consultation_that_was_held_is_not_the_next_one(
    professional: User, appointment: Appointment
) -> None:
    now = timezone.now()
    VisitFactory(
        guest=appointment.patient, state=Visit.State.ENDED, consultation_at=now, ended_at=now
    )

    answer = signed_in(professional).get("/")

    assert answer.context["next_appointment"] is None
    assert "row__held" in answer.content.decode()


def test_member_without_licence_sees_that_and_nothing_else(pending: User) -> None:
    page = signed_in(pending).get("/")

    text = page.content.decode()
    assert page.status_code == 200
    assert "dashboard/pending.html" in [template.name for template in page.templates]
    assert "Altpatient" not in text
    assert "<call-stage" not in text
    assert "/patients/" not in text

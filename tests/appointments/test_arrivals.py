"""Who came, who did not, who is away for the moment, and who has the name of another (DEC-15)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.appointments import queries
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import events
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Visit
from tests.calls.news import News
from tests.factories import AppointmentFactory, VisitFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
State = Visit.State
MINUTE = timedelta(minutes=1)
NOT_HERE = "Nicht erschienen"


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


def ended_minutes_ago(professional: User, minutes: int) -> Appointment:
    starts_at = timezone.now() - timedelta(minutes=minutes + 30)
    return AppointmentFactory(professional=professional, starts_at=starts_at, duration_minutes=30)


def seen(appointment: Appointment) -> Appointment:
    return queries.appointment_for(appointment.professional, appointment.code)


def text_of(appointment: Appointment, path: str = "") -> str:
    page = signed_in(appointment.professional).get(path or appointment.get_absolute_url())
    return str(page.content.decode())


@pytest.mark.parametrize(("minutes", "missing"), [(-1, False), (14, False), (16, True)])
def test_no_show_follows_a_while_after_the_end(
    professional: User, minutes: int, missing: bool
) -> None:
    row = ended_minutes_ago(professional, minutes)

    assert seen(row).has_no_show is missing
    assert (NOT_HERE in text_of(row)) is missing
    assert (NOT_HERE in text_of(row, "/patients/")) is missing


@pytest.mark.parametrize(
    "times",
    [
        {"waiting_at": -40, "ended_at": -35, "state": State.LEFT},
        {"waiting_at": -200, "ended_at": -190, "state": State.LEFT},
        {"waiting_at": -3, "state": State.WAITING},
        {"consultation_at": -3000, "ended_at": -2990, "state": State.ENDED, "waiting_at": None},
    ],
    ids=["came and left", "came early and left", "came late", "was spoken to another day"],
)
def test_whoever_really_came_is_no_no_show(professional: User, times: dict[str, object]) -> None:
    row = ended_minutes_ago(professional, 60)
    moments = {
        name: timezone.now() + value * MINUTE if isinstance(value, int) else value
        for name, value in times.items()
    }
    VisitFactory(guest=row.patient, **moments)

    assert seen(row).has_no_show is False
    assert NOT_HERE not in text_of(row)


@pytest.mark.parametrize(
    "visit",
    [
        {"state": State.LEFT, "waiting_at": None},
        {"state": State.LEFT, "waiting_at": timezone.now() - timedelta(days=2)},
    ],
    ids=["only opened the link", "tried it two days before"],
)
def test_opening_the_link_is_no_arrival(professional: User, visit: dict[str, object]) -> None:
    row = ended_minutes_ago(professional, 60)
    VisitFactory(guest=row.patient, **visit)

    assert seen(row).has_no_show is True


def test_page_that_is_not_heard_of_is_away_and_comes_back(
    appointment: Appointment, news: News
) -> None:
    VisitFactory(guest=appointment.patient)

    assert (seen(appointment).is_away, seen(appointment).chat_presence) == (True, "away")
    assert "Die Seite ist gerade nicht erreichbar" in text_of(appointment)
    assert "Seite gerade nicht erreichbar" in text_of(appointment, "/patients/")

    news.present.add(events.guest_channel(appointment.patient_id))
    assert (seen(appointment).is_away, seen(appointment).chat_presence) == (False, "here")
    assert "Die Seite ist gerade nicht erreichbar" not in text_of(appointment)


@pytest.mark.parametrize(
    ("state", "presence"),
    [
        (State.ANNOUNCED, "gone"),
        (State.CALLED, "here"),
        (State.CONSULTATION, "call"),
        (State.LEFT, "gone"),
    ],
)
def test_whether_one_can_write_follows_the_visit(
    appointment: Appointment, news: News, state: str, presence: str
) -> None:
    VisitFactory(guest=appointment.patient, state=state)
    news.present.add(events.guest_channel(appointment.patient_id))

    assert seen(appointment).chat_presence == presence
    assert f'data-presence="{presence}"' in text_of(appointment)


def test_patients_of_one_name_are_told_apart(professional: User, news: News) -> None:
    name = {"patient__first_name": "Paul", "patient__last_name": "Patient"}
    by_mail = AppointmentFactory(
        professional=professional, patient__email="paul.a@example.net", **name
    )
    by_phone = AppointmentFactory(
        professional=professional, patient__email="", patient__phone="+491713920011", **name
    )
    AppointmentFactory(professional=professional, patient__first_name="Erika")
    for row in (by_mail, by_phone):
        VisitFactory(guest=row.patient)
        news.present.add(events.guest_channel(row.patient_id))

    for path in ("/", "/patients/"):
        text = text_of(by_mail, path)
        assert "paul.a@example.net" in text
        assert "Noch jemand hat diesen Namen." in text
    hints = {row.code: row.twin_hint for row in queries.waiting_now(professional)}
    assert hints[by_mail.code] == "paul.a@example.net"
    assert hints[by_phone.code].endswith("0011")


def test_several_appointments_of_one_person_get_no_hint(professional: User) -> None:
    person = {
        "patient__first_name": "Paul",
        "patient__last_name": "Patient",
        "patient__email": "paul@example.net",
    }
    row, _again = (AppointmentFactory(professional=professional, **person) for _ in range(2))

    assert "Noch jemand" not in text_of(row, "/patients/")


@pytest.mark.parametrize(
    ("arrival", "sentence"),
    [(-12, "kam 12 Min. zu früh"), (-2, ""), (2, ""), (8, "kam 8 Min. zu spät")],
)
def test_early_and_late_arrivals_are_named(
    professional: User, news: News, arrival: int, sentence: str
) -> None:
    start = timezone.now() + timedelta(minutes=-arrival)
    row = AppointmentFactory(professional=professional, starts_at=start)
    VisitFactory(guest=row.patient, waiting_at=start + arrival * MINUTE)
    news.present.add(events.guest_channel(row.patient_id))

    for path in ("/", "/patients/", row.get_absolute_url()):
        text = text_of(row, path)
        assert ('class="punctuality"' in text) is bool(sentence)
        assert sentence in text


def test_host_is_told_of_an_arrival_once_and_by_name_and_time(
    appointment: Appointment,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    guest = appointment.patient
    with django_capture_on_commit_callbacks(execute=True):
        guests.confirm_name(guest, name="Paul Patient")
        for _ in range(2):  # a reload enters again
            guests.enter_waiting_room(guest, camera=True, microphone=True)

    told = [event for event in news.to(events.user_channel(guest.host_id)) if "text" in event]
    clock = timezone.localtime(guest.scheduled_at, guest.organisation.zone).strftime("%H:%M")
    assert [(event["type"], event["guest"]) for event in told] == [("guest.arrived", guest.code)]
    assert told[0]["text"].startswith("Paul Patient ist im Wartezimmer (Termin: ")
    assert clock in told[0]["text"]
    assert "guest.arrived" not in news.types_to(events.guest_channel(guest.pk))


def test_frame_knows_who_waits(appointment: Appointment, stranger: User, news: News) -> None:
    VisitFactory(guest=appointment.patient)
    news.present.add(events.guest_channel(appointment.patient_id))

    assert f'data-guests="{appointment.patient.code}"' in text_of(appointment, "/")
    assert 'data-guests=""' in str(signed_in(stranger).get("/").content.decode())

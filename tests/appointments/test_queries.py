"""Sections, filters and the edge of the day in the practice's zone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments import queries
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import events
from healthcompanion.guests.models import Visit
from tests.appointments.conftest import BERLIN, SetClock
from tests.calls.news import News
from tests.factories import AppointmentFactory, VisitFactory
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


@pytest.fixture(autouse=True)
def _berlin() -> Iterator[None]:
    with timezone.override(BERLIN):
        yield


def at(professional: User, text: str) -> Appointment:
    moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return AppointmentFactory(professional=professional, starts_at=moment)


def sections(user: User, chosen: str = "all") -> dict[str, list[Appointment]]:
    return {part.key: part.appointments for part in queries.sections_for(user, chosen)}


def test_rows_stand_in_the_section_of_their_day(professional: User, set_clock: SetClock) -> None:
    set_clock("2027-01-15 10:00")
    early, late = at(professional, "2027-01-15 00:00"), at(professional, "2027-01-15 23:59")
    yesterday, longer_ago = (
        at(professional, "2027-01-14 23:59"),
        at(professional, "2026-12-24 09:00"),
    )
    tomorrow, later = at(professional, "2027-01-16 00:00"), at(professional, "2027-03-01 09:00")

    assert sections(professional) == {
        "today": [early, late],
        "upcoming": [tomorrow, later],
        "past": [yesterday, longer_ago],
    }
    assert list(sections(professional)) == ["today", "upcoming", "past"]
    assert list(sections(professional, "upcoming")) == ["today", "upcoming"]
    assert sections(professional, "past") == {"past": [yesterday, longer_ago]}


@pytest.mark.parametrize(
    ("now", "section"),
    [
        ("2027-01-15 23:59:59", "upcoming"),
        ("2027-01-16 00:00:00", "today"),
        ("2027-01-16 23:59:59", "today"),
        ("2027-01-17 00:00:00", "past"),
    ],
)
def test_midnight_of_the_practice_moves_a_row(
    professional: User, set_clock: SetClock, now: str, section: str
) -> None:
    row = at(professional, "2027-01-16 00:00")

    set_clock(now)

    assert sections(professional) == {section: [row]}


@pytest.mark.parametrize(
    ("day", "following", "hours"),
    [("2027-03-28", "2027-03-29", 23), ("2027-10-31", "2027-11-01", 25)],
)
@pytest.mark.parametrize("clock", ["00:00", "01:59", "03:00", "23:59"])
def test_day_of_the_clock_change_is_a_whole_day(
    professional: User, set_clock: SetClock, day: str, following: str, hours: int, clock: str
) -> None:
    set_clock(f"{day} {clock}")
    inside = [at(professional, f"{day} 00:00"), at(professional, f"{day} 23:59")]
    after = at(professional, f"{following} 00:00")

    start, end = (moment.astimezone(ZoneInfo("UTC")) for moment in queries.today())

    assert sections(professional) == {"today": inside, "upcoming": [after]}
    assert end - start == timedelta(hours=hours)


def test_zone_is_the_practices_not_the_servers(professional: User, set_clock: SetClock) -> None:
    row = at(professional, "2027-01-16 00:30")
    set_clock("2027-01-15 12:00")
    doctor = signed_in(professional)
    berlin = doctor.get("/patients/").context["sections"]
    organisation = professional.membership.organisation
    organisation.time_zone = "America/New_York"  # half past six in the evening before
    organisation.save()

    page = doctor.get("/patients/")

    assert [(part.key, part.appointments) for part in berlin] == [("upcoming", [row])]
    assert [(part.key, part.appointments) for part in page.context["sections"]] == [
        ("today", [row])
    ]
    assert "18:30" in page.content.decode()


def test_past_shows_the_last_fifty(professional: User, set_clock: SetClock) -> None:
    set_clock("2027-01-15 10:00")
    rows = [at(professional, f"2026-10-{1 + n // 24:02} {n % 24:02}:00") for n in range(52)]

    assert sections(professional)["past"] == rows[:1:-1]


def test_deleted_and_foreign_rows_are_in_no_section(
    professional: User, colleague: User, stranger: User
) -> None:
    AppointmentFactory(professional=professional, deleted_at=timezone.now())

    assert sections(professional) == {}
    assert queries.appointments_today(professional) == []
    assert [sum(map(len, sections(user).values())) for user in (colleague, stranger)] == [1, 1]


def test_fetching_is_authorising(
    appointment: Appointment, professional: User, colleague: User, stranger: User
) -> None:
    assert queries.appointment_for(professional, appointment.code) == appointment
    for user in (colleague, stranger):
        with pytest.raises(Http404):
            queries.appointment_for(user, appointment.code)


def test_online_means_in_the_house_with_a_living_page(
    professional: User, stranger: User, news: News
) -> None:
    rows = {
        state: AppointmentFactory(
            professional=professional, starts_at=timezone.now() + timedelta(minutes=number)
        )
        for number, state in enumerate(Visit.State.values)
    }
    for state, row in rows.items():
        VisitFactory(guest=row.patient, state=state)
        news.present.add(events.guest_channel(row.patient_id))
    absent = AppointmentFactory(professional=professional)
    VisitFactory(guest=absent.patient)
    foreign = stranger.appointments.get().patient
    VisitFactory(guest=foreign)
    news.present.add(events.guest_channel(foreign.pk))

    here = [rows[state] for state in ("waiting", "called", "consultation")]
    assert sections(professional, "online") == {"online": here}
    assert [row.online for row in here] == [False] * 3  # rows of the test, not the query's
    assert all(row.online for row in sections(professional, "online")["online"])
    assert queries.waiting_now(professional) == here[:2]


def test_whose_appointment_is_first_comes_first(professional: User, news: News) -> None:
    now = timezone.now()
    starts = [now + timedelta(minutes=minutes) for minutes in (30, -10, 10)]
    rows = [AppointmentFactory(professional=professional, starts_at=at) for at in starts]
    for minutes, row in zip((20, 1, 10), rows, strict=True):
        VisitFactory(guest=row.patient, waiting_at=now - timedelta(minutes=minutes))
        news.present.add(events.guest_channel(row.patient_id))

    waiting = queries.waiting_now(professional)

    assert waiting == [rows[1], rows[2], rows[0]]
    assert [row.minutes_early for row in waiting] == [-9, 20, 50]
    assert [row.minutes_late for row in waiting] == [9, -20, -50]


def test_nobody_online_is_no_section(professional: User, appointment: Appointment) -> None:
    assert sections(professional, "online") == {}


def test_other_name_than_the_invited_is_flagged(
    professional: User, appointment: Appointment, doctor: Client
) -> None:
    professional.language = "en"
    professional.save()
    visit = VisitFactory(guest=appointment.patient, confirmed_name="Petra Patient")

    row = queries.appointment_for(professional, appointment.code)
    pages = [doctor.get("/patients/"), doctor.get(f"/patients/{appointment.code}/")]
    Visit.objects.filter(pk=visit.pk).update(confirmed_name="paul  patient")
    same = queries.appointment_for(professional, appointment.code)
    calm = doctor.get("/patients/").content.decode()

    assert (row.confirmed_name, row.has_other_name) == ("Petra Patient", True)
    assert all("Petra Patient" in page.content.decode() for page in pages)
    assert (same.confirmed_name, same.has_other_name) == ("paul  patient", False)
    assert "gave the name “" not in calm

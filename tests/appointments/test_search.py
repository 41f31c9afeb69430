""" "Eingeladene Personen suchen" in the list, together with the filters of PAT-3."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import events
from tests.calls.news import News
from tests.factories import AppointmentFactory, VisitFactory

pytestmark = pytest.mark.django_db
NOW = timedelta()


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


def invite(host: User, name: str, ago: timedelta = NOW, email: str = "") -> Appointment:
    first_name, last_name = name.split(" ", 1)
    return AppointmentFactory(
        professional=host,
        starts_at=timezone.now() - ago,
        patient__first_name=first_name,
        patient__last_name=last_name,
        patient__email=email,
    )


def found(doctor: Client, search: str, chosen: str = "all") -> list[Appointment]:
    page = doctor.get("/patients/", {"search": search, "filter": chosen})
    assert page.status_code == 200
    return [row for section in page.context["sections"] for row in section.appointments]


@pytest.mark.parametrize("typed", ["müller", "MÜLLER", "mueller", "Muller", "jö mü", "J.M@Ex"])
def test_person_is_found_by_name_and_address(
    doctor: Client, professional: User, typed: str
) -> None:
    row = invite(professional, "Jörg Müller", email="j.m@example.org")
    invite(professional, "Jörg Möller", email="moeller@example.org")

    assert found(doctor, typed) == [row]


@pytest.mark.parametrize("typed", ["%", "_", "' or 1=1 --", "\\", "<script>", "\x00", "ü" * 300])
def test_odd_input_finds_nobody(doctor: Client, professional: User, typed: str) -> None:
    invite(professional, "Jörg Müller")

    page = doctor.get("/patients/", {"search": typed})

    assert (page.status_code, page.context["found"]) == (200, 0)
    assert "<script>" not in page.content.decode()


def test_blanks_are_no_search(doctor: Client, professional: User) -> None:
    row = invite(professional, "Jörg Müller")

    assert found(doctor, "   ") == [row]


def test_search_and_filter_count_together(doctor: Client, professional: User, news: News) -> None:
    past = invite(professional, "Jörg Müller", timedelta(days=3))
    ahead = invite(professional, "Eva Müller", timedelta(days=-3))
    here = invite(professional, "Ina Müller", timedelta(days=-2))
    other = invite(professional, "Ina Sommer", timedelta(days=-2))
    for row in (here, other):
        VisitFactory(guest=row.patient)
        news.present.add(events.guest_channel(row.patient_id))

    assert found(doctor, "müller", "past") == [past]
    assert found(doctor, "müller", "upcoming") == [here, ahead]
    assert found(doctor, "müller", "online") == [here]
    assert found(doctor, "jörg", "upcoming") == []


def test_filters_keep_the_search_and_the_search_the_filter(
    doctor: Client, professional: User
) -> None:
    invite(professional, "Jörg Müller", timedelta(days=3))

    page = doctor.get("/patients/", {"search": "mü & co", "filter": "past"})

    html = page.content.decode()
    assert [choice["url"] for choice in page.context["filters"]] == [
        "/patients/?search=m%C3%BC+%26+co",
        "/patients/?filter=online&search=m%C3%BC+%26+co",
        "/patients/?filter=upcoming&search=m%C3%BC+%26+co",
        "/patients/?filter=past&search=m%C3%BC+%26+co",
    ]
    assert 'name="filter" value="past"' in html
    assert 'value="mü &amp; co"' in html


def test_past_that_is_beyond_the_fifty_shown_is_found(doctor: Client, professional: User) -> None:
    old = invite(professional, "Jörg Müller", timedelta(days=80))
    for number in range(50):
        invite(professional, "Eva Sommer", timedelta(days=1 + number))

    assert found(doctor, "müller", "past") == [old]


def test_nobody_found_says_so_and_leads_back(doctor: Client, professional: User) -> None:
    professional.language = "en"
    professional.save()
    invite(professional, "Jörg Müller")

    html = doctor.get("/patients/", {"search": "<b>Nie"}).content.decode()

    assert "Nobody found" in html
    assert "&lt;b&gt;Nie" in html
    assert "0 appointments found" in html
    assert 'href="/patients/">Show all appointments' in html


def test_nobody_of_others_is_ever_found(
    doctor: Client, professional: User, colleague: User, stranger: User
) -> None:
    AppointmentFactory(
        professional=professional,
        patient__last_name="Gelöscht",
        deleted_at=timezone.now(),
    )
    invite(professional, "Jörg Müller")

    for name in ("Kollegenpatient", "Fremdpatient", "Gelöscht"):
        assert found(doctor, name) == []


@pytest.mark.parametrize("count", [1, 3])
def test_search_asks_the_database_the_same_for_any_number_of_rows(
    doctor: Client,
    professional: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        invite(professional, f"Jörg Müller{number}", timedelta(days=-number))
    doctor.get("/patients/")

    with django_assert_num_queries(SEARCH_QUERIES):
        assert len(found(doctor, "müller")) == count


SEARCH_QUERIES = 9

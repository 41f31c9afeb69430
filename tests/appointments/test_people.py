""" "Eingeladene Personen suchen" in the form: whoever is picked need not be typed again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from tests.appointments.test_search import invite
from tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db


def people(doctor: Client, search: str = "") -> list[Appointment]:
    page = doctor.get("/patients/invited/", {"search": search})
    assert page.status_code == 200
    found: list[Appointment] = page.context["people"]
    return found


def test_person_is_found_once_by_the_latest_appointment(doctor: Client, professional: User) -> None:
    invite(professional, "Jörg Müller", timedelta(days=30), "j@example.org")
    latest = invite(professional, "Jörg Müller", timedelta(days=2), "j@example.org")
    namesake = invite(professional, "Jörg Müller", timedelta(days=5), "anderer@example.org")
    invite(professional, "Eva Sommer")

    assert people(doctor, "mueller") == [latest, namesake]


def test_picked_person_is_filled_in(doctor: Client, professional: User) -> None:
    row = invite(professional, "Jörg Müller", email="j@example.org")
    row.patient.language = "en"
    row.patient.save()

    page = doctor.get("/patients/invited/", {"search": "müller"}).content.decode()
    link = f"/patients/new/?person={row.code}"
    form = doctor.get(link).context["form"]

    assert f'href="{link}"' in page
    assert {name: form[name].value() for name in ("first_name", "last_name", "email")} == {
        "first_name": "Jörg",
        "last_name": "Müller",
        "email": "j@example.org",
    }
    assert (form["language"].value(), form["by_email"].value()) == ("en", True)
    assert form["date"].value() == timezone.localdate()
    assert not form["message_consent"].value()  # is asked for anew


def test_person_without_an_address_gets_the_link_by_hand(
    doctor: Client, professional: User
) -> None:
    row = invite(professional, "Jörg Müller", email="")

    form = doctor.get("/patients/new/", {"person": row.code}).context["form"]

    assert (form["by_email"].value(), form["by_link"].value()) == (False, True)


def test_people_are_remembered_for_ninety_days(doctor: Client, professional: User) -> None:
    row = invite(professional, "Jörg Müller", timedelta(days=89))
    invite(professional, "Eva Müller", timedelta(days=91))

    assert people(doctor, "müller") == [row]


def test_nothing_typed_shows_the_latest_eight(doctor: Client, professional: User) -> None:
    rows = [invite(professional, f"Eva Sommer{n}", timedelta(days=n)) for n in range(10)]

    assert people(doctor) == rows[:8]


def test_nobody_of_others_is_found_or_filled_in(
    doctor: Client, professional: User, colleague: User, stranger: User
) -> None:
    gone: Appointment = AppointmentFactory(
        professional=professional, patient__last_name="Gelöscht", deleted_at=timezone.now()
    )
    foreign: list[Appointment] = [user.appointments.get() for user in (colleague, stranger)]

    assert people(doctor) == []
    for row in [gone, *foreign]:
        assert people(doctor, row.patient.last_name) == []
        assert doctor.get("/patients/new/", {"person": row.code}).status_code == 404
    for odd in ("' or 1=1", "\x00", "ü" * 500):
        assert doctor.get("/patients/new/", {"person": odd}).status_code == 404


def test_nobody_found_says_so(doctor: Client, professional: User) -> None:
    professional.language = "en"
    professional.save()

    empty = doctor.get("/patients/invited/").content.decode()
    nobody = doctor.get("/patients/invited/", {"search": "<b>Nie"}).content.decode()

    assert "You have invited nobody yet." in empty
    assert "Nobody found for “&lt;b&gt;Nie”." in nobody


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_the_same_for_any_number_of_people(
    doctor: Client,
    professional: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        invite(professional, f"Jörg Müller{number}")
    doctor.get("/patients/")

    with django_assert_num_queries(PEOPLE_QUERIES):
        assert len(people(doctor, "müller")) == count


PEOPLE_QUERIES = 6

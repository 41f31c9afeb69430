"""The demo's cast: seeded once, and the same after the second start."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import LegalAcceptance, User
from healthcompanion.appointments import queries
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.call_log import Choice, organisation_log, own_log
from healthcompanion.calls.models import Call
from healthcompanion.dashboard import demo, demo_organisation
from healthcompanion.dashboard.demo_calls import PAST
from healthcompanion.guests.models import Guest
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.statistics.models import DayCount

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def test_the_cast_may_treat_where_the_operator_checks_that(settings: Settings) -> None:
    settings.HC_REQUIRE_VERIFIED_PROFESSIONALS = True

    demo.seed()

    assert Appointment.objects.exists()


def counts() -> list[int]:
    kinds: list[Any] = [User, Organisation, LegalAcceptance, Appointment, Guest, Message]
    return [kind.objects.count() for kind in kinds]


def set_clock(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    now = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_seeding_twice_is_seeding_once() -> None:
    first = demo.seed()
    before, codes = counts(), set(Appointment.objects.values_list("code", flat=True))

    second = demo.seed()

    assert first == second
    assert counts() == before == [1, 1, 2, 8, 8, 10]
    assert set(Appointment.objects.values_list("code", flat=True)) == codes


@pytest.mark.parametrize(
    "clock", ["00:00:00", "07:44:59", "12:00:00", "22:50:00", "23:46:00", "23:59:59"]
)
@pytest.mark.parametrize("day", ["2027-01-15", "2027-03-28", "2027-10-31", "2027-12-31"])
def test_five_of_the_cast_come_today_whatever_the_time(
    monkeypatch: pytest.MonkeyPatch, day: str, clock: str
) -> None:
    set_clock(monkeypatch, f"{day} {clock}")

    doctor = demo.seed()

    local = [timezone.localtime(row.starts_at, BERLIN) for row in Appointment.objects.all()]
    today = [moment for moment in local if moment.date().isoformat() == day]
    assert len(today) == 5
    assert {moment.minute % 15 for moment in today} == {0}
    assert demo.patient_link(doctor).startswith("http://localhost:8000/g/")


def test_next_day_brings_new_appointments(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, "2027-01-15 10:00")
    demo.seed()
    set_clock(monkeypatch, "2027-01-16 10:00")

    demo.seed()

    assert (User.objects.count(), Appointment.objects.count()) == (1, 16)


def test_printed_sign_in_and_link_work() -> None:
    doctor = demo.seed()
    client, patient = Client(), Client()

    answer = client.post("/accounts/login/", {"login": demo.EMAIL, "password": demo.PASSWORD})
    link = demo.patient_link(doctor).removeprefix("http://localhost:8000")

    assert answer["Location"] == "/"
    assert client.get("/patients/").status_code == 200
    assert patient.get(link).status_code == 200
    validate_password(demo.PASSWORD, doctor)


def test_cast_has_no_place_outside_the_demo(settings: Settings) -> None:
    settings.HC_DEMO = False

    with pytest.raises(CommandError, match="HC_DEMO is off"):
        call_command("demo")

    assert not User.objects.exists()


def test_one_of_the_cast_is_invited_by_sms_too_where_it_stays_here(settings: Settings) -> None:
    settings.HC_SMS_OUTBOX = True
    demo.seed()
    texts = Message.objects.filter(channel="sms")
    assert [text.reference for text in texts] == [
        str(Appointment.objects.get(patient__phone="+491713920011").pk)
    ]


def test_cast_gets_no_sms_through_a_real_gateway(settings: Settings) -> None:
    settings.HC_SMS_OUTBOX = False

    demo.seed()

    assert not Message.objects.filter(channel="sms").exists()


def test_the_organisation_has_everybody_once() -> None:
    administrator = demo_organisation.seed()
    before = counts()

    assert demo_organisation.seed() == administrator
    assert counts() == before
    states = {row.user.email.split("@")[0]: row.state for row in Membership.objects.all()}
    assert states == {
        "klara.vogt": "active",
        "jonas.weber": "active",
        "miriam.kaya": "active",
        "nora.neumann": "waiting",
    }
    doctor = User.objects.get(email=demo_organisation.DOCTOR)
    assistant = User.objects.get(email=demo_organisation.ASSISTANT)
    assert len(queries.appointments_today(doctor)) == 2
    assert queries.appointments_today(assistant) == queries.appointments_today(doctor)


def test_the_home_has_logs_and_figures_that_agree() -> None:
    administrator = demo_organisation.seed()
    doctor = User.objects.get(email=demo_organisation.DOCTOR)

    own = own_log(doctor.membership, Choice()).page().entries
    house = organisation_log(administrator.membership.organisation, Choice()).page().entries
    assert [entry.call for entry in own] == [entry.call for entry in house]
    assert len(own) == len(PAST)
    assert {entry.contact_name for entry in house} == {"H. B.", "W. E."}
    held = sum(entry.was_held for entry in own)
    assert DayCount.objects.aggregate(calls=Sum("calls"))["calls"] == held == 7
    assert not Call.objects.filter(ended_at__gte=timezone.now()).exists()

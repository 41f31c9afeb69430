"""The calendar file of a mail, read back with the library that calendars are read with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as letters
from django.utils import timezone, translation
from icalendar import Calendar, Event

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.calendar_file import calendar_file
from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications.actions import deliver_message
from healthcompanion.notifications.models import Message
from tests.appointments.conftest import BERLIN
from tests.appointments.test_mails import MEDICAL
from tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db


def read(appointment: Appointment, language: str = "de") -> tuple[str, Any]:
    """The method, and the one entry."""
    with translation.override(language):
        calendar = Calendar.from_ical(calendar_file(appointment).content)
    assert isinstance(calendar, Calendar)
    assert (str(calendar["version"]), len(calendar.walk("VEVENT"))) == ("2.0", 1)
    entry = calendar.walk("VEVENT")[0]
    assert isinstance(entry, Event)
    assert entry.errors == []
    return str(calendar["method"]), entry


def test_request_says_when_and_where(appointment: Appointment, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Praxis <termine@praxis.example>"

    method, entry = read(appointment)

    start = appointment.starts_at.replace(microsecond=0)
    assert (method, entry["status"], entry["sequence"]) == ("REQUEST", "CONFIRMED", 0)
    assert (entry.start, entry.end) == (
        start,
        start + timedelta(minutes=appointment.duration_minutes),
    )
    assert (entry["location"], entry["url"]) == (appointment.link_url, appointment.link_url)
    assert entry["organizer"] == "mailto:termine@praxis.example"
    assert entry["attendee"] == f"mailto:{appointment.patient.email}"
    assert timezone.now() - entry.DTSTAMP < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "hour", "in_utc"),
    [
        (datetime(2027, 3, 27), 9, 8),
        (datetime(2027, 3, 28), 9, 7),
        (datetime(2027, 10, 30), 9, 7),
        (datetime(2027, 10, 31), 9, 8),
    ],
)
def test_clock_change_moves_no_entry(
    professional: User, day: datetime, hour: int, in_utc: int
) -> None:
    start = day.replace(hour=hour, tzinfo=BERLIN)

    entry = read(AppointmentFactory(professional=professional, starts_at=start))[1]

    assert entry.start == day.replace(hour=in_utc, tzinfo=UTC)
    assert entry.start.astimezone(BERLIN).hour == hour


def test_appointment_across_the_clock_change_keeps_its_length(professional: User) -> None:
    start = datetime(2027, 10, 31, 1, 45, tzinfo=BERLIN)
    row = AppointmentFactory(professional=professional, starts_at=start, duration_minutes=120)

    entry = read(row)[1]

    assert entry.end - entry.start == timedelta(minutes=120)
    assert entry.end.astimezone(BERLIN).hour == 2  # the second time


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("deleted", [False, True])
def test_entry_tells_nothing_to_whoever_shares_the_calendar(
    appointment: Appointment, language: str, deleted: bool
) -> None:
    patient = appointment.patient
    patient.first_name, patient.last_name, patient.email = "Wolke", "Wandel", "w@example.net"
    appointment.deleted_at = timezone.now() if deleted else None

    with translation.override(language):
        file = calendar_file(appointment)

    text = file.content.replace("\r\n ", "").replace("HealthCompanion", "")
    assert MEDICAL.findall(text.replace("praxis@example.org", "")) == []
    for name in ("Wolke", "Wandel", "Berger", "Anna", appointment.organisation.name):
        assert name not in text
    assert file.content.isascii()
    assert "CLASS:PRIVATE" in text


@pytest.mark.parametrize(
    ("language", "name", "summary"),
    [("de", "Termin.ics", "Online-Termin"), ("en", "appointment.ics", "Online appointment")],
)
def test_entry_is_in_the_patients_language(
    appointment: Appointment, language: str, name: str, summary: str
) -> None:
    with translation.override(language):
        file_name = calendar_file(appointment).name

    assert file_name == name
    assert read(appointment, language)[1]["summary"] == summary


def test_lines_are_folded_and_end_as_the_standard_says(appointment: Appointment) -> None:
    content = calendar_file(appointment).content

    lines = content.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)


def test_each_appointment_has_an_entry_of_its_own(
    appointment: Appointment, professional: User
) -> None:
    other = AppointmentFactory(professional=professional)

    assert read(appointment)[1]["uid"] == read(appointment)[1]["uid"]
    assert read(other)[1]["uid"] != read(appointment)[1]["uid"]


def test_deleting_takes_the_entry_away(appointment: Appointment, professional: User) -> None:
    before = read(appointment)[1]
    actions.delete_appointment(appointment, actor=professional)
    appointment.refresh_from_db()

    method, entry = read(appointment)

    assert (method, entry["status"]) == ("CANCEL", "CANCELLED")
    assert entry["uid"] == before["uid"]
    assert entry["sequence"] > before["sequence"]
    assert (entry.start, entry["attendee"]) == (before.start, before["attendee"])
    assert appointment.link_url not in calendar_file(appointment).content.replace("\r\n ", "")


def test_one_entry_lives_through_create_move_move_and_cancel(
    professional: User, settings: Any
) -> None:
    """What arrives in the mailbox, read as a calendar program does: one entry, ever newer."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    start = timezone.now().replace(microsecond=0) + timedelta(days=3)
    person = {"first_name": "Paul", "last_name": "Patient", "email": "paul@example.net"}
    agreed: dict[str, Any] = {**person, "language": "de", "duration_minutes": 20}
    row = actions.create_appointment(
        professional.membership.organisation,
        professional,
        created_by=professional,
        by_email=True,
        starts_at=start,
        **agreed,
    )
    deliver()
    for days in (1, 2):
        moved = start + timedelta(days=days)
        row = Appointment.objects.get()
        actions.change_appointment(row, actor=professional, mobile="", starts_at=moved, **agreed)
        deliver()
    actions.delete_appointment(Appointment.objects.get(), actor=professional)
    deliver()

    entries = [entry_in(letter) for letter in letters.outbox]

    starts = [start, start + timedelta(days=1), start + timedelta(days=2)]
    assert [(method, entry["sequence"], entry.start) for method, entry in entries] == [
        ("REQUEST", 0, starts[0]),
        ("REQUEST", 1, starts[1]),
        ("REQUEST", 2, starts[2]),
        ("CANCEL", 3, starts[2]),
    ]
    assert len({entry["uid"] for _, entry in entries}) == 1


def deliver() -> None:
    for message in Message.objects.filter(state="queued"):
        deliver_message(message.pk)


def entry_in(letter: Any) -> tuple[str, Any]:
    """The method that the letter names, as the file does, and the file's one entry."""
    parts = [part for part in letter.message().walk() if part.get_content_type() == "text/calendar"]
    body = parts[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    calendar: Any = Calendar.from_ical(body)
    assert (len(parts), calendar["method"]) == (1, parts[0].get_param("method"))
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


def test_mail_carries_the_file_with_its_method(
    appointment: Appointment, professional: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    appointment.patient.language = "de"
    appointment.patient.save()
    actions.send_invitation(appointment, actor=professional)

    deliver_message(Message.objects.get().pk)

    parts = [part for part in letters.outbox[0].message().walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert parts[-1].get_param("method") == "REQUEST"
    assert parts[-1].get_filename() == "Termin.ics"
    body = parts[-1].get_payload(decode=True)
    assert isinstance(body, bytes)
    assert Calendar.from_ical(body).walk("VEVENT")[0]["location"] == appointment.link_url

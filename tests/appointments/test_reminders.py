"""Reminders a day and an hour before: when they go out, to whom, and when they must not."""

from datetime import datetime

import pytest
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.models import DAY_REMINDER, Appointment
from healthcompanion.appointments.reminding import send_due_reminders
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation
from tests.appointments.conftest import BERLIN, SetClock
from tests.appointments.reminded import DAY, HOUR, agree, move, settle, tick
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def invited(professional: User, set_clock: SetClock) -> Appointment:
    """On Monday Anna invites Paul by e-mail for Friday at 10; the mail arrives at once."""
    set_clock("2027-01-11 09:00")
    return agree(professional, "2027-01-15 10:00")


def test_each_goes_out_once_at_its_time(invited: Appointment, set_clock: SetClock) -> None:
    said = {
        at: tick(set_clock, at)
        for at in (
            "2027-01-14 09:59",
            "2027-01-14 10:00",
            "2027-01-14 10:01",
            "2027-01-15 08:59",
            "2027-01-15 09:00",
            "2027-01-15 09:01",
            "2027-01-15 10:30",
        )
    }

    assert {at: what for at, what in said.items() if what} == {
        "2027-01-14 10:00": [DAY],
        "2027-01-15 09:00": [HOUR],
    }
    assert Appointment.objects.get().remind_at is None


def test_they_take_every_way_of_the_invitation(professional: User, set_clock: SetClock) -> None:
    set_clock("2027-01-11 09:00")
    agree(professional, "2027-01-15 10:00", mobile="+491713920012", by_sms=True)
    agree(professional, "2027-01-15 10:00", mobile="+491713920013", by_sms=True, by_email=False)
    agree(professional, "2027-01-15 10:00", by_email=False)  # gets the link from Anna

    said = tick(set_clock, "2027-01-14 10:00")

    assert said == [DAY, (DAY_REMINDER, "sms"), (DAY_REMINDER, "sms")]


def test_worker_that_was_down_for_half_an_hour_makes_up_for_it(
    invited: Appointment, set_clock: SetClock
) -> None:
    assert tick(set_clock, "2027-01-14 10:30") == [DAY]
    assert tick(set_clock, "2027-01-15 09:30") == [HOUR]


@pytest.mark.parametrize(
    ("back_at", "said"),
    [
        ("2027-01-14 15:59", [DAY]),
        ("2027-01-14 16:01", []),
        ("2027-01-15 08:59", []),
        ("2027-01-15 09:01", [HOUR]),
        ("2027-01-15 09:44", [HOUR]),
        ("2027-01-15 09:46", []),
        ("2027-01-15 10:01", []),
        ("2027-01-16 10:00", []),
    ],
)
def test_what_is_too_late_is_not_sent_and_two_never_come_together(
    invited: Appointment, set_clock: SetClock, back_at: str, said: list[tuple[str, str]]
) -> None:
    assert tick(set_clock, back_at) == said
    assert tick(set_clock, back_at) == []


@pytest.mark.parametrize(
    ("made_at", "day", "hour"),
    [
        ("2027-01-15 09:30", [], []),
        ("2027-01-15 08:30", [], []),  # the invitation is half an hour old when it would be due
        ("2027-01-15 07:30", [], [HOUR]),
        ("2027-01-14 09:00", [], [HOUR]),  # a reminder after an hour reminds nobody
        ("2027-01-14 03:30", [DAY], [HOUR]),
    ],
)
def test_who_was_invited_shortly_before_is_not_reminded(
    professional: User,
    set_clock: SetClock,
    made_at: str,
    day: list[tuple[str, str]],
    hour: list[tuple[str, str]],
) -> None:
    set_clock(made_at)
    agree(professional, "2027-01-15 10:00")

    assert tick(set_clock, "2027-01-14 10:01") == (day if made_at < "2027-01-14 10" else [])
    assert tick(set_clock, "2027-01-15 09:31") == hour


def test_invitation_sent_again_takes_the_place_of_a_reminder(
    invited: Appointment, professional: User, set_clock: SetClock
) -> None:
    set_clock("2027-01-14 08:00")
    actions.send_invitation_again(invited, actor=professional)
    settle()

    assert tick(set_clock, "2027-01-14 10:00") == []
    assert tick(set_clock, "2027-01-15 09:00") == [HOUR]


def test_reminders_follow_the_new_time(invited: Appointment, set_clock: SetClock) -> None:
    assert tick(set_clock, "2027-01-14 10:00") == [DAY]
    move(invited, "2027-01-20 16:00")

    assert tick(set_clock, "2027-01-15 09:00") == []
    assert tick(set_clock, "2027-01-19 16:00") == [DAY]
    assert tick(set_clock, "2027-01-20 15:00") == [HOUR]


def test_moved_to_this_afternoon_there_is_one_left(
    invited: Appointment, set_clock: SetClock
) -> None:
    set_clock("2027-01-12 08:00")
    move(invited, "2027-01-12 16:00")

    assert tick(set_clock, "2027-01-12 08:01") == []
    assert tick(set_clock, "2027-01-12 15:00") == [HOUR]


def test_switched_off_nobody_is_reminded_and_on_again_what_is_ahead_comes(
    invited: Appointment, set_clock: SetClock
) -> None:
    move(invited, "2027-01-15 10:00", reminders=False)

    row = Appointment.objects.get()
    assert (row.reminders, row.remind_at, row.calendar_sequence) == (False, None, 0)
    assert tick(set_clock, "2027-01-14 10:00") == []
    move(invited, "2027-01-15 10:00", reminders=True)
    assert tick(set_clock, "2027-01-14 10:01") == []
    assert tick(set_clock, "2027-01-15 09:00") == [HOUR]
    changes = AuditEntry.objects.filter(action="appointment.changed")
    assert [entry.data for entry in changes] == [{"fields": ["reminders"]}] * 2


def test_created_without_reminders(professional: User, set_clock: SetClock) -> None:
    set_clock("2027-01-11 09:00")
    agree(professional, "2027-01-15 10:00", reminders=False)

    assert tick(set_clock, "2027-01-14 10:00") == []


def test_deleted_appointment_is_not_spoken_of(
    invited: Appointment, professional: User, set_clock: SetClock
) -> None:
    actions.delete_appointment(invited, actor=professional)
    Appointment.objects.update(remind_at=timezone.now())  # as if the mark had stayed

    assert tick(set_clock, "2027-01-14 10:00") == []


@pytest.mark.parametrize("state", [Visit.State.WAITING, Visit.State.CONSULTATION])
def test_who_is_here_needs_no_reminder(
    invited: Appointment, set_clock: SetClock, state: str
) -> None:
    VisitFactory(guest=invited.patient, state=state)

    assert tick(set_clock, "2027-01-15 09:00") == []


def test_who_had_the_consultation_already_is_not_reminded(
    invited: Appointment, set_clock: SetClock
) -> None:
    began = set_clock("2027-01-14 18:00")
    VisitFactory(guest=invited.patient, state=Visit.State.ENDED, consultation_at=began)

    assert tick(set_clock, "2027-01-15 09:00") == []
    move(invited, "2027-01-20 16:00")  # they meet again
    assert tick(set_clock, "2027-01-19 16:00") == [DAY]


def test_closed_link_is_not_sent_around(invited: Appointment, set_clock: SetClock) -> None:
    Guest.objects.update(link_closed_at=timezone.now())

    assert tick(set_clock, "2027-01-14 10:00") == []


@pytest.mark.parametrize("state", [State.FAILED, State.QUEUED, State.SENDING])
def test_without_an_invitation_there_is_nothing_to_remind_of(
    invited: Appointment, set_clock: SetClock, state: str
) -> None:
    Message.objects.update(state=state)

    set_clock("2027-01-14 10:00")
    assert send_due_reminders() == 0


def test_no_sms_outside_the_tariff(professional: User, set_clock: SetClock) -> None:
    set_clock("2027-01-11 09:00")
    agree(professional, "2027-01-15 10:00", mobile="+491713920012", by_sms=True)
    Organisation.objects.update(has_sms=False)

    assert tick(set_clock, "2027-01-14 10:00") == [DAY]


def test_look_that_comes_early_sets_the_next_one(invited: Appointment, set_clock: SetClock) -> None:
    """As after an upgrade, whose migration makes the tick look at all that is ahead."""
    Appointment.objects.update(remind_at=timezone.now())

    assert tick(set_clock, "2027-01-12 10:00") == []

    due = datetime(2027, 1, 14, 10, tzinfo=BERLIN)
    assert Appointment.objects.get().remind_at == due

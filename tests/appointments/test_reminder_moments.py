"""Reminders at awkward moments: clocks that change, ticks at once, changes before the sending."""

import re
import threading
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone, translation

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import DAY_REMINDER, HOUR_REMINDER, Appointment
from healthcompanion.appointments.reminders import REMINDERS, next_look
from healthcompanion.appointments.reminding import send_due_reminders
from healthcompanion.notifications.gsm7 import ONE_SMS, length
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, Text, render
from healthcompanion.organisations.models import Organisation
from tests.appointments.conftest import BERLIN, SetClock
from tests.appointments.reminded import DAY, HOUR, agree, move, reminders, tick
from tests.appointments.test_mails import MEDICAL
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
Channel, State = Message.Channel, Message.State


@pytest.fixture
def invited(professional: User, set_clock: SetClock) -> Appointment:
    """On Monday Anna invites Paul by e-mail for Friday at 10; the mail arrives at once."""
    set_clock("2027-01-11 09:00")
    return agree(professional, "2027-01-15 10:00")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", [DAY_REMINDER, HOUR_REMINDER])
def test_words_say_when_and_where_and_nothing_else(
    professional: User, set_clock: SetClock, language: str, kind: str
) -> None:
    Organisation.objects.update(time_zone="Europe/Lisbon", name="Haus am Markt")
    professional.membership.refresh_from_db()
    set_clock("2027-01-11 09:00")
    row = agree(
        professional,
        "2027-01-15 10:00",
        mobile="+491713920012",
        by_sms=True,
        language=language,
        first_name="Wolke",
        last_name="Wandel",
    )
    set_clock("2027-01-14 10:30" if kind == DAY_REMINDER else "2027-01-15 09:30")

    mail, sms = (render(kind, str(row.pk), way) for way in Channel)

    assert isinstance(mail, Mail)
    assert isinstance(sms, Text)
    for text in (mail.text, mail.html, sms.text):
        assert row.link_url in text
        assert "09:00" in text  # ten in Berlin
        assert "15" in text
        assert MEDICAL.findall(text) == []
    assert len(re.findall("Wandel", mail.text)) == 1  # the salutation
    assert "Wandel" not in mail.subject + sms.text
    assert "Haus am Markt" not in sms.text
    assert mail.attachments == ()
    assert length(sms.text) <= ONE_SMS
    assert ("Erinnerung" if language == "de" else "Reminder") in mail.subject


@pytest.mark.parametrize(
    "event", ["deleted", "moved", "switched off", "late", "arrived", "invited again", "address"]
)
def test_queued_reminder_that_became_wrong_is_dropped_at_sending(
    invited: Appointment, professional: User, set_clock: SetClock, event: str
) -> None:
    set_clock("2027-01-15 09:00")
    assert send_due_reminders() == 1
    assert render(HOUR_REMINDER, str(invited.pk)) is not None
    set_clock("2027-01-15 09:50" if event == "late" else "2027-01-15 09:02")

    if event == "deleted":
        actions.delete_appointment(invited, actor=professional)
    if event == "moved":
        move(invited, "2027-01-15 10:05")
    if event == "switched off":
        move(invited, "2027-01-15 10:00", reminders=False)
    if event == "arrived":
        VisitFactory(guest=invited.patient)
    if event == "invited again":
        actions.send_invitation_again(invited, actor=professional)
    if event == "address":
        move(invited, "2027-01-15 10:00", email="neu@example.net")

    assert render(HOUR_REMINDER, str(invited.pk)) is None


def test_day_reminder_held_up_until_the_last_hour_stays_behind(
    invited: Appointment, set_clock: SetClock
) -> None:
    set_clock("2027-01-14 10:00")
    send_due_reminders()
    set_clock("2027-01-15 09:00")

    assert render(DAY_REMINDER, str(invited.pk)) is None


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        ("2027-03-28 09:00", 23),  # the clocks go forward that night
        ("2027-03-29 09:00", 24),
        ("2027-10-31 09:00", 25),  # and back
        ("2027-11-01 09:00", 24),
        ("2027-03-29 02:30", 23),  # the day before has no half past two: half past three
    ],
)
def test_a_day_before_is_the_same_time_by_the_wall(
    professional: User, set_clock: SetClock, start: str, hours: int
) -> None:
    invited_at = set_clock("2027-03-20 12:00" if "-03-" in start else "2027-10-20 12:00")
    row = agree(professional, start)  # invited before the clocks change
    day, hour = (reminder.due_at(row.starts_at, BERLIN) for reminder in REMINDERS)

    assert (row.starts_at - day, row.starts_at - hour) == (
        timedelta(hours=hours),
        timedelta(hours=1),
    )
    assert next_look(row.starts_at, BERLIN, invited_at) == day == row.remind_at
    assert tick(set_clock, _berlin(day - timedelta(minutes=1))) == []
    assert tick(set_clock, _berlin(day)) == [DAY]
    assert tick(set_clock, _berlin(hour - timedelta(minutes=1))) == []
    assert tick(set_clock, _berlin(hour)) == [HOUR]


def _berlin(moment: datetime) -> str:
    return f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M}"


def test_hour_before_is_an_hour_also_across_the_change_of_clocks(
    professional: User, set_clock: SetClock
) -> None:
    set_clock("2027-10-20 12:00")
    row = agree(professional, "2027-10-31 03:15")

    hour = REMINDERS[1].due_at(row.starts_at, BERLIN)

    local = hour.astimezone(BERLIN)
    assert (row.starts_at - hour, local.hour, local.fold) == (timedelta(hours=1), 2, 1)


def test_upgrade_makes_the_tick_look_at_what_is_ahead(
    professional: User, set_clock: SetClock
) -> None:
    now = set_clock("2027-01-11 09:00")
    ahead, gone, over = (agree(professional, "2027-01-15 10:00") for _ in range(3))
    actions.delete_appointment(gone, actor=professional)
    Appointment.objects.filter(pk=over.pk).update(starts_at=now - timedelta(hours=1))
    Appointment.objects.update(remind_at=None)

    migration = import_module("healthcompanion.appointments.migrations.0005_plan_reminders")
    migration.plan_reminders(apps, None)

    looked_at = Appointment.objects.exclude(remind_at=None)
    assert [(row.pk, row.remind_at) for row in looked_at] == [(ahead.pk, now)]


def test_history_tells_of_reminders(invited: Appointment, set_clock: SetClock) -> None:
    tick(set_clock, "2027-01-14 10:00")
    set_clock("2027-01-15 09:00")
    send_due_reminders()
    Message.objects.filter(kind=HOUR_REMINDER).update(
        state=State.FAILED, failed_at=timezone.now(), reason=Message.Reason.ADDRESS
    )

    with translation.override("en"), timezone.override(BERLIN):
        texts = sorted(line.text for line in history_of(Appointment.objects.get()))

    told = [text for text in texts if text.startswith("Reminder")]
    assert told == [
        "Reminder by e-mail not delivered: The mail server says that this address does not exist.",
        "Reminder delivered by e-mail",
        "Reminder handed to the mail service",
        "Reminder handed to the mail service",
    ]
    assert Appointment.objects.get().failed_deliveries == []  # the invitation did arrive


@pytest.mark.django_db(transaction=True)
def test_of_ticks_at_once_one_queues_each_reminder(professional: User, set_clock: SetClock) -> None:
    set_clock("2027-01-11 09:00")
    for _ in range(5):
        agree(professional, "2027-01-15 10:00")
    set_clock("2027-01-14 10:00")
    gate = threading.Barrier(4)
    results: list[Any] = []

    def work() -> None:
        gate.wait(5)
        try:
            results.append(send_due_reminders())
        except Exception as error:  # any is what this test is looking for
            results.append(repr(error))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)

    assert (len(results), sum(results)) == (4, 5)
    assert reminders() == [DAY] * 5
    assert len(set(Message.objects.filter(kind=DAY_REMINDER).values_list("reference"))) == 5


@pytest.mark.django_db(transaction=True)
def test_deleting_against_a_tick_never_reminds_afterwards(
    professional: User, set_clock: SetClock
) -> None:
    for number in range(10):
        set_clock("2027-01-11 09:00")
        row = agree(professional, "2027-01-15 10:00")
        set_clock("2027-01-14 10:00")
        gate = threading.Barrier(2)
        troubles: list[str] = []

        def run(step: Any, gate: threading.Barrier = gate, troubles: list[str] = troubles) -> None:
            gate.wait(5)
            try:
                step()
            except Exception as error:  # any is what this test is looking for
                troubles.append(repr(error))
            finally:
                connection.close()

        def delete(row: Appointment = row) -> None:
            actions.delete_appointment(row, actor=professional)

        runners = [
            threading.Thread(target=run, args=(step,)) for step in (delete, send_due_reminders)
        ]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join(20)

        assert troubles == [], number
        assert render(DAY_REMINDER, str(row.pk)) is None

"""Changing and moving an appointment: what is written, who hears of it, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions, refusals
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import CHANGE, INVITATION, Appointment
from healthcompanion.core import events
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, render
from tests.appointments.conftest import BERLIN
from tests.calls.news import News
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 7, 15, 9, 30, tzinfo=BERLIN)
LINK = "http://localhost:8000"


@pytest.fixture
def invited(appointment: Appointment, professional: User) -> Appointment:
    """An appointment whose invitation has arrived."""
    actions.send_invitation(appointment, actor=professional)
    settle(Message.State.SENT)
    appointment.refresh_from_db()
    return appointment


def settle(state: str) -> None:
    Message.objects.filter(state="queued").update(state=state, sent_at=timezone.now())


def change(appointment: Appointment, **values: Any) -> str:
    patient = appointment.patient
    agreed: dict[str, Any] = {
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "email": patient.email,
        "mobile": patient.phone,
        "language": patient.language,
        "starts_at": appointment.starts_at,
        "duration_minutes": appointment.duration_minutes,
    }
    return actions.change_appointment(
        appointment, actor=appointment.professional, **(agreed | values)
    )


def kinds() -> list[str]:
    return list(Message.objects.order_by("id").values_list("kind", flat=True))


def trail() -> list[tuple[str, dict[str, Any]]]:
    return list(
        AuditEntry.objects.exclude(action="invitation.queued")
        .order_by("id")
        .values_list("action", "data")
    )


def test_moving_moves_the_links_end_and_tells_the_patient(invited: Appointment) -> None:
    link = invited.link_url

    told = change(invited, starts_at=LATER)

    row = Appointment.objects.get()
    assert (told, kinds()) == (CHANGE, [INVITATION, CHANGE])
    assert (row.starts_at, row.calendar_sequence) == (LATER, 1)
    assert row.patient.scheduled_at == LATER
    assert row.patient.link_expires_at == LATER + timedelta(days=92)
    assert row.link_url == link
    assert row.delivery == Message.objects.get(kind=CHANGE)
    assert trail() == [
        ("appointment.moved", {"starts_at": LATER.isoformat()}),
        ("change.queued", {"channel": "email"}),
    ]


def test_mail_about_a_new_time_carries_time_link_and_calendar_file(invited: Appointment) -> None:
    Guest.objects.update(language="en")
    with translation.override("en"):
        before = Calendar.from_ical(_file(invited, INVITATION)).walk("VEVENT")[0]
    change(invited, language="en", starts_at=LATER, duration_minutes=45)

    mail = render(CHANGE, str(invited.pk))

    assert isinstance(mail, Mail)
    assert mail.subject == "Your online appointment is now on 15 Jul 2027"
    for fact in ("15 July 2027", "09:30", "45", invited.link_url):
        assert fact in mail.text
        assert fact in mail.html
    calendar = Calendar.from_ical(mail.attachments[0].content)
    entry: Any = calendar.walk("VEVENT")[0]
    assert (calendar["method"], entry["uid"]) == ("REQUEST", before["uid"])
    assert (before["sequence"], entry["sequence"]) == (0, 1)
    assert (entry.start, entry.end) == (LATER, LATER + timedelta(minutes=45))


def _file(appointment: Appointment, kind: str) -> str:
    mail = render(kind, str(appointment.pk))
    assert isinstance(mail, Mail)
    return mail.attachments[0].content


def test_another_length_is_news_for_the_patient_too(invited: Appointment) -> None:
    assert change(invited, duration_minutes=60) == CHANGE

    invited.refresh_from_db()
    assert (invited.duration_minutes, invited.calendar_sequence) == (60, 1)
    assert trail()[0] == ("appointment.changed", {"fields": ["duration"]})


def test_name_and_language_change_in_silence(invited: Appointment) -> None:
    told = change(invited, first_name="Pauline", last_name="Neu", language="en")

    row = Appointment.objects.get()
    assert (told, kinds()) == ("", [INVITATION])
    assert (row.patient.full_name, row.patient.language) == ("Pauline Neu", "en")
    assert row.calendar_sequence == 0
    assert trail() == [("appointment.changed", {"fields": ["name", "language"]})]
    assert "Neu" not in str(trail())


def test_saving_without_a_change_leaves_no_trace(invited: Appointment) -> None:
    assert change(invited, email=invited.patient.email.upper()) == ""
    assert (trail(), kinds()) == ([], [INVITATION])


def test_new_address_gets_a_new_link_and_the_former_one_dies(invited: Appointment) -> None:
    former = invited.link_url

    told = change(invited, email="Neu@Example.org")

    row = Appointment.objects.get()
    assert (told, kinds()) == (INVITATION, [INVITATION] * 2)
    assert row.patient.email == "neu@example.org"
    assert Client().get(former.removeprefix(LINK)).status_code == 410
    assert Client().get(row.link_url.removeprefix(LINK)).status_code == 200
    mail = render(INVITATION, str(row.pk))
    assert isinstance(mail, Mail)
    assert (mail.to, row.link_url in mail.text) == ("neu@example.org", True)
    assert [action for action, _ in trail()] == ["appointment.changed", "link.replaced"]
    assert "example" not in str(trail())


def test_corrected_address_keeps_the_link_that_nobody_got(
    appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    settle(Message.State.FAILED)
    link = appointment.link_url

    assert change(appointment, email="richtig@example.org") == INVITATION
    assert Appointment.objects.get().link_url == link


def test_first_address_brings_the_first_invitation(appointment: Appointment) -> None:
    Guest.objects.update(email="")
    appointment.refresh_from_db()

    assert change(appointment, email="neu@example.org") == INVITATION
    assert Appointment.objects.get().delivery == Message.objects.get()


def test_without_an_address_nothing_is_sent(invited: Appointment) -> None:
    assert change(invited, email="", starts_at=LATER) == ""

    assert Appointment.objects.get().delivery is None
    assert kinds() == [INVITATION]


def test_who_got_the_link_by_hand_gets_no_mail(appointment: Appointment) -> None:
    assert change(appointment, starts_at=LATER) == ""
    assert kinds() == []


def test_mail_that_still_waits_says_the_new_time_by_itself(
    appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)

    assert change(appointment, starts_at=LATER) == INVITATION

    mail = render(INVITATION, str(appointment.pk))
    assert isinstance(mail, Mail)
    assert (kinds(), "15.07.2027" in mail.subject) == ([INVITATION], True)


def test_who_never_got_the_invitation_gets_it_with_the_new_time(
    appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    settle(Message.State.FAILED)

    assert change(appointment, starts_at=LATER) == INVITATION
    assert kinds() == [INVITATION] * 2


def test_past_appointment_is_corrected_in_silence(invited: Appointment) -> None:
    Appointment.objects.update(starts_at=timezone.now() - timedelta(days=2))
    invited.refresh_from_db()

    assert change(invited, duration_minutes=60, email="neu@example.org") == ""
    assert kinds() == [INVITATION]


@pytest.mark.parametrize("state", [Visit.State.CALLED, Visit.State.CONSULTATION])
def test_nothing_changes_during_the_consultation(invited: Appointment, state: str) -> None:
    VisitFactory(guest=invited.patient, state=state)

    with pytest.raises(refusals.ConsultationRunning):
        change(invited, starts_at=LATER, first_name="Neu")

    row = Appointment.objects.get()
    assert (row.starts_at == LATER, row.patient.first_name == "Neu", trail()) == (False, False, [])


def test_waiting_patient_stays_while_the_time_changes(invited: Appointment) -> None:
    visit = VisitFactory(guest=invited.patient)
    sink = News()
    events.connect(sink)

    change(invited, starts_at=LATER)

    events.connect(None)
    visit.refresh_from_db()
    assert (visit.state, sink.revoked) == (Visit.State.WAITING, [])


def test_waiting_patient_is_not_shown_out_by_a_new_address(invited: Appointment) -> None:
    VisitFactory(guest=invited.patient)

    with pytest.raises(refusals.PatientIsHere):
        change(invited, email="neu@example.org", first_name="Neu")

    patient = Guest.objects.get(pk=invited.patient_id)
    assert (patient.email, patient.first_name, patient.link_version) == (
        "paul@example.net",
        "Paul",
        1,
    )
    assert (trail(), kinds()) == ([], [INVITATION])


def test_deleted_appointment_is_not_moved(invited: Appointment, professional: User) -> None:
    stale = Appointment.objects.get()
    actions.delete_appointment(invited, actor=professional)

    with pytest.raises(refusals.AppointmentGone):
        change(stale, starts_at=LATER)


def test_history_tells_of_moves_and_changes(invited: Appointment) -> None:
    change(invited, starts_at=LATER, last_name="Neu")
    settle(Message.State.SENT)
    invited.refresh_from_db()

    with translation.override("en"), timezone.override(BERLIN):
        texts = [line.text for line in history_of(invited)]

    assert texts[:4] == [
        "Notice of the new time delivered by e-mail",
        "Notice of the new time handed to the mail service",
        "Appointment changed (name)",
        "Appointment moved to 15 Jul 2027, 09:30",
    ]

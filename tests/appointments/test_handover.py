"""Somebody takes appointments over, or they are cancelled as their professional leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.handover import PatientIsThere, coming_appointments, hand_over
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import HANDOVER, INVITATION, Appointment
from healthcompanion.appointments.queries import appointments_of
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, Text, render
from healthcompanion.organisations.models import Organisation
from tests.factories import AppointmentFactory, GuestFactory, VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(appointment: Appointment, professional: User) -> Appointment:
    """An appointment whose invitation has arrived."""
    actions.send_invitation(appointment, actor=professional)
    Message.objects.update(state=Message.State.SENT, sent_at=timezone.now())
    appointment.refresh_from_db()
    return appointment


def kinds() -> list[str]:
    return list(Message.objects.order_by("id").values_list("kind", flat=True))


def test_the_successor_has_it_and_the_patient_is_told(
    invited: Appointment, professional: User, colleague: User, organisation: Organisation
) -> None:
    link, before = invited.link_url, invited.calendar_sequence
    GuestFactory(host=professional, companion_of=invited.patient, role=Guest.Role.RELATIVE)

    count = hand_over(professional, organisation, to=colleague, actor=professional)

    assert count == 1
    row = appointments_of(colleague).get(pk=invited.pk)
    assert not appointments_of(professional).exists()
    assert (row.link_url, row.calendar_sequence) == (link, before + 1)
    assert not Guest.objects.filter(host=professional).exists()
    assert kinds() == [INVITATION, HANDOVER]
    mail = render(HANDOVER, str(row.pk))
    assert isinstance(mail, Mail)
    assert "Carl Kolb" in mail.text
    assert "Berger" not in mail.text
    assert link in mail.text
    entry = Calendar.from_ical(mail.attachments[0].content).walk("VEVENT")[0]
    assert entry["SEQUENCE"] == before + 1
    assert "Termin übergeben" in [line.text for line in history_of(row)]


def test_an_invitation_that_waits_goes_out_once_and_names_the_successor(
    appointment: Appointment, professional: User, colleague: User, organisation: Organisation
) -> None:
    actions.send_invitation(appointment, actor=professional)

    hand_over(professional, organisation, to=colleague, actor=professional)

    assert kinds() == [INVITATION]
    mail = render(INVITATION, str(appointment.pk))
    assert mail is not None
    assert "Carl Kolb" in mail.text


def test_who_got_an_sms_gets_an_sms(
    appointment: Appointment, professional: User, colleague: User, organisation: Organisation
) -> None:
    Guest.objects.update(email="", phone="+4915112345678")
    appointment.refresh_from_db()
    actions.send_invitation(appointment, actor=professional, ways=[Message.Channel.SMS])
    Message.objects.update(state=Message.State.SENT, sent_at=timezone.now())

    hand_over(professional, organisation, to=colleague, actor=professional)

    text = render(HANDOVER, str(appointment.pk), Message.Channel.SMS)
    assert isinstance(text, Text)
    assert "Carl Kolb" in text.text


def test_what_is_past_off_or_elsewhere_stays(
    professional: User, stranger: User, organisation: Organisation
) -> None:
    now = timezone.now()
    AppointmentFactory(professional=professional, starts_at=now - timedelta(days=1))
    AppointmentFactory(professional=professional, patient__cancelled_at=now)
    AppointmentFactory(professional=professional, deleted_at=now)
    coming = AppointmentFactory(professional=professional, starts_at=now + timedelta(days=2))

    assert coming_appointments(professional, organisation) == [coming]
    assert coming_appointments(stranger, organisation) == []


@pytest.mark.parametrize("state", Visit.HERE)
def test_nothing_changes_while_a_patient_is_there(
    state: str,
    appointment: Appointment,
    professional: User,
    colleague: User,
    organisation: Organisation,
) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    earlier = AppointmentFactory(professional=professional, starts_at=soon)
    VisitFactory(guest=appointment.patient, state=state)

    with pytest.raises(PatientIsThere):
        hand_over(professional, organisation, to=colleague, actor=professional)

    earlier.refresh_from_db()
    assert earlier.professional == professional
    assert not AuditEntry.objects.filter(action="appointment.handed-over").exists()

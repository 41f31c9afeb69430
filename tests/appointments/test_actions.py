"""Deleting and its consequences; the history in words."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions, refusals
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls import actions as calls
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Visit
from healthcompanion.notifications.models import Message
from tests.factories import AppointmentFactory, CallFactory, VisitFactory

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Message.objects.order_by("id").values_list("kind", flat=True))


def invite_and_deliver(appointment: Appointment, actor: User) -> None:
    actions.send_invitation(appointment, actor=actor)
    assert appointment.delivery is not None
    appointment.delivery.state = Message.State.SENT
    appointment.delivery.save()


def test_invitation_that_never_went_out_is_not_cancelled(
    appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)

    actions.delete_appointment(appointment, actor=professional)

    assert kinds() == ["appointment.invitation"]


def test_second_invitation_waits_for_the_first(
    appointment: Appointment, professional: User
) -> None:
    invite_and_deliver(appointment, professional)
    with pytest.raises(refusals.SentJustNow):
        actions.send_invitation_again(appointment, actor=professional)
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    appointment.refresh_from_db()

    actions.send_invitation_again(appointment, actor=professional)

    assert kinds() == ["appointment.invitation", "appointment.invitation"]
    with pytest.raises(refusals.SentJustNow):
        actions.send_invitation_again(appointment, actor=professional)


def test_deleting_an_invited_appointment_tells_the_patient(
    appointment: Appointment, professional: User
) -> None:
    invite_and_deliver(appointment, professional)

    actions.delete_appointment(appointment, actor=professional)

    assert kinds() == ["appointment.invitation", "appointment.cancellation"]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "invitation.queued",
        "link.closed",
        "appointment.deleted",
    ]


def test_who_never_got_a_mail_gets_none_about_the_end(
    appointment: Appointment, professional: User
) -> None:
    actions.delete_appointment(appointment, actor=professional)

    assert kinds() == []


def test_past_appointment_is_deleted_in_silence(professional: User) -> None:
    row = AppointmentFactory(
        professional=professional, starts_at=timezone.now() - timedelta(hours=1)
    )
    actions.send_invitation(row, actor=professional)

    actions.delete_appointment(row, actor=professional)

    assert kinds() == ["appointment.invitation"]


def test_deleting_twice_happens_once(appointment: Appointment, professional: User) -> None:
    stale = Appointment.objects.get(pk=appointment.pk)
    invite_and_deliver(appointment, professional)
    actions.delete_appointment(appointment, actor=professional)
    first = Appointment.objects.get(pk=appointment.pk).deleted_at

    actions.delete_appointment(stale, actor=professional)

    appointment.refresh_from_db()
    assert appointment.deleted_at == first
    assert kinds().count("appointment.cancellation") == 1
    assert AuditEntry.objects.filter(action="appointment.deleted").count() == 1


@pytest.mark.parametrize("state", [Visit.State.CALLED, Visit.State.CONSULTATION])
def test_consultation_is_never_cut_by_deleting(
    appointment: Appointment, professional: User, state: str
) -> None:
    VisitFactory(guest=appointment.patient, state=state)

    with pytest.raises(refusals.ConsultationRunning):
        actions.delete_appointment(appointment, actor=professional)

    appointment.refresh_from_db()
    assert appointment.deleted_at is None
    assert not AuditEntry.objects.exists()


def test_waiting_patient_is_shown_out(appointment: Appointment, professional: User) -> None:
    visit = VisitFactory(guest=appointment.patient)

    actions.delete_appointment(appointment, actor=professional)

    visit.refresh_from_db()
    assert visit.state == Visit.State.ENDED


@pytest.mark.parametrize("minutes", [4, 481])
def test_database_refuses_odd_lengths(professional: User, minutes: int) -> None:
    with pytest.raises(IntegrityError):
        AppointmentFactory(professional=professional, duration_minutes=minutes)


def test_history_tells_the_whole_story_newest_first(
    appointment: Appointment, professional: User
) -> None:
    guest = appointment.patient
    actions.send_invitation(appointment, actor=professional)
    guests.announce_visit(guest)
    guests.confirm_name(guest, name="Paul Patient")
    visit = guests.enter_waiting_room(guest, camera=True, microphone=True)
    guests.move(visit, to=Visit.State.CALLED)
    call = CallFactory(guest=guest)
    calls.accept_call(call, guest=guest, answer=None)
    Call.objects.update(accepted_at=timezone.now() - timedelta(minutes=12, seconds=5))
    calls.end_call(Call.objects.get(), actor=professional)

    with translation.override("en"):
        texts = [line.text for line in history_of(appointment)]

    assert texts == [
        "Consultation ended after 12:05 min",
        "Patient accepted the call",
        "Patient entered the waiting room",
        "Patient pressed “Take part”",
        "Invitation handed to the mail service",
    ]


def test_history_says_when_the_mail_arrived(appointment: Appointment, professional: User) -> None:
    actions.send_invitation(appointment, actor=professional)
    Message.objects.update(sent_at=timezone.now() + timedelta(seconds=1))
    appointment.refresh_from_db()

    with translation.override("en"):
        texts = [line.text for line in history_of(appointment)]

    assert texts == ["Invitation delivered by e-mail", "Invitation handed to the mail service"]


def test_history_is_of_this_patient_alone(
    appointment: Appointment, stranger: User, professional: User
) -> None:
    actions.send_invitation(stranger.appointments.get(), actor=stranger)

    assert history_of(appointment) == []


def test_history_of_german_readers_is_german(appointment: Appointment, professional: User) -> None:
    actions.send_invitation(appointment, actor=professional)
    with translation.override("en"):
        english = [line.text for line in history_of(appointment)]

    with translation.override("de"):
        german = [line.text for line in history_of(appointment)]

    assert len(german) == len(english) == 1
    assert german != english


def test_every_kind_of_end_has_words(appointment: Appointment) -> None:
    from healthcompanion.appointments.history import TEXTS  # noqa: PLC0415 -- only here

    ends: list[Any] = [f"call.{outcome}" for outcome in Call.Outcome.values if outcome]

    assert set(ends) <= set(TEXTS)

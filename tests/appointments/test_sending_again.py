"""Sending the invitation again, and replacing a link that went astray."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import CANCELLATION, INVITATION, Appointment
from healthcompanion.core import events
from healthcompanion.core.close_codes import LINK_ENDED
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, render
from tests.appointments.test_views import toasts
from tests.calls.news import News
from tests.factories import VisitFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db
HOME = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _english(professional: User) -> None:
    professional.language = "en"
    professional.save()


@pytest.fixture
def invited(appointment: Appointment, professional: User) -> Appointment:
    """An appointment whose invitation arrived two minutes ago."""
    actions.send_invitation(appointment, actor=professional)
    settle("sent")
    appointment.refresh_from_db()
    return appointment


def settle(state: str, reason: str = "") -> None:
    long_ago = timezone.now() - timedelta(minutes=2)
    Message.objects.update(state=state, reason=reason, created_at=long_ago)


def again(doctor: Client, appointment: Appointment) -> list[str]:
    answer = doctor.post(f"/patients/{appointment.code}/invitation/")
    assert (answer.status_code, answer["Location"]) == (302, f"/patients/{appointment.code}/")
    return toasts(answer)


def replace(doctor: Client, appointment: Appointment, *, by_email: bool = True) -> list[str]:
    values = {"by_email": "on"} if by_email else {}
    answer = doctor.post(f"/patients/{appointment.code}/link/", values)
    assert (answer.status_code, answer["Location"]) == (302, f"/patients/{appointment.code}/")
    return toasts(answer)


def test_delivered_invitation_is_sent_again(doctor: Client, invited: Appointment) -> None:
    assert again(doctor, invited) == ["Invitation sent"]

    invited.refresh_from_db()
    assert Message.objects.count() == 2
    assert invited.delivery == Message.objects.latest("id")
    assert invited.calendar_sequence == 0


def test_pause_of_a_minute_is_kept(doctor: Client, invited: Appointment) -> None:
    Message.objects.update(created_at=timezone.now() - timedelta(seconds=59))

    assert again(doctor, invited) == ["The invitation was sent just now. Please wait a minute."]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_mail_on_its_way_is_not_doubled(doctor: Client, invited: Appointment, state: str) -> None:
    settle(state)

    assert again(doctor, invited) == ["The invitation was sent just now. Please wait a minute."]
    assert Message.objects.count() == 1


def test_nobody_is_invited_to_what_is_past(doctor: Client, invited: Appointment) -> None:
    Appointment.objects.update(starts_at=timezone.now() - timedelta(hours=2))

    assert again(doctor, invited) == [
        "The appointment is over. Please move it to a new time first."
    ]
    assert Message.objects.count() == 1
    assert "/invitation/" not in doctor.get(f"/patients/{invited.code}/").content.decode()


def test_without_an_address_there_is_nothing_to_send(
    doctor: Client, appointment: Appointment
) -> None:
    Guest.objects.update(email="")

    assert again(doctor, appointment) == [
        "Address and number are missing. Please edit the appointment."
    ]
    assert not Message.objects.exists()
    assert "/invitation/" not in doctor.get(f"/patients/{appointment.code}/").content.decode()


def test_failed_delivery_says_why_and_offers_to_send_again(
    doctor: Client, invited: Appointment
) -> None:
    settle("failed", "address")

    page = doctor.get(f"/patients/{invited.code}/").content.decode()

    assert "The mail server says that this address does not exist." in page
    assert page.count(f'action="/patients/{invited.code}/invitation/"') == 1
    assert again(doctor, invited) == ["Invitation sent"]


def test_delivery_that_is_tried_again_says_why_and_when(
    doctor: Client, invited: Appointment
) -> None:
    settle("queued", "unreachable")

    page = doctor.get(f"/patients/{invited.code}/").content.decode()

    assert "The mail server cannot be reached at the moment." in page
    assert "The next try is at" in page


def test_cancellation_goes_to_whoever_got_an_invitation_though_sending_again_failed(
    appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    settle("sent")
    appointment.refresh_from_db()
    actions.send_invitation_again(appointment, actor=professional)
    Message.objects.filter(state="queued").update(state="failed")
    appointment.refresh_from_db()

    actions.delete_appointment(appointment, actor=professional)

    assert Message.objects.latest("id").kind == CANCELLATION
    assert Message.objects.count() == 3


def test_cancellation_is_not_sent_where_every_invitation_failed(
    appointment: Appointment, professional: User
) -> None:
    for _ in range(2):
        actions.send_invitation_again(appointment, actor=professional)
        settle("failed", "address")
        appointment.refresh_from_db()

    actions.delete_appointment(appointment, actor=professional)

    assert not Message.objects.filter(kind=CANCELLATION).exists()


def test_replacing_asks_first(doctor: Client, invited: Appointment) -> None:
    page = doctor.get(f"/patients/{invited.code}/link/")

    assert page.status_code == 200
    assert "Create a new link?" in page.content.decode()
    assert Guest.objects.get(pk=invited.patient_id).link_version == 1


def test_new_link_works_and_the_former_one_is_gone(doctor: Client, invited: Appointment) -> None:
    former = invited.link_url

    said = replace(doctor, invited)

    row = Appointment.objects.get()
    assert said == ["The former link no longer works. The new one is on its way by e-mail."]
    assert Client().get(former.removeprefix(HOME)).status_code == 410
    assert Client().post(former.removeprefix(HOME)).status_code == 410
    assert Client().get(row.link_url.removeprefix(HOME)).status_code == 200
    mail = render(INVITATION, str(row.pk))
    assert isinstance(mail, Mail)
    assert row.link_url in mail.text
    assert former not in mail.text + mail.html
    entry = Calendar.from_ical(mail.attachments[0].content).walk("VEVENT")[0]
    assert (entry["location"], entry["sequence"]) == (row.link_url, 1)
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "invitation.queued",
        "link.replaced",
        "invitation.queued",
    ]
    with translation.override("en"):
        texts = [line.text for line in history_of(row)]
    assert texts[1] == "New link created, the former one no longer works"


def test_new_link_can_be_passed_on_by_hand(doctor: Client, invited: Appointment) -> None:
    said = replace(doctor, invited, by_email=False)

    assert said == ["The former link no longer works. Please pass on the new one."]
    assert Appointment.objects.get().delivery is None
    assert Message.objects.count() == 1


def test_mail_that_still_waits_takes_the_new_link_along(
    doctor: Client, invited: Appointment
) -> None:
    settle("queued")

    said = replace(doctor, invited, by_email=False)

    mail = render(INVITATION, str(invited.pk))
    assert said == ["The former link no longer works. The new one is on its way by e-mail."]
    assert isinstance(mail, Mail)
    assert Appointment.objects.get().link_url in mail.text
    assert Message.objects.count() == 1


def test_past_appointment_gets_a_new_link_without_a_mail(
    doctor: Client, invited: Appointment
) -> None:
    Appointment.objects.update(starts_at=timezone.now() - timedelta(hours=2))

    assert replace(doctor, invited) == [
        "The former link no longer works. Please pass on the new one."
    ]
    assert Message.objects.count() == 1


def test_who_came_in_by_the_former_link_is_shown_out(
    doctor: Client,
    invited: Appointment,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    visit = VisitFactory(guest=invited.patient)
    guest = with_ticket(invited.patient)
    sink = News()
    events.connect(sink)

    with django_capture_on_commit_callbacks(execute=True):
        replace(doctor, invited)

    events.connect(None)
    visit.refresh_from_db()
    assert visit.state == Visit.State.ENDED
    assert sink.revoked == [(events.guest_channel(invited.patient_id), LINK_ENDED)]
    assert guest.get(f"/g/{invited.patient.code}/").status_code == 410


@pytest.mark.parametrize("state", [Visit.State.CALLED, Visit.State.CONSULTATION])
def test_consultation_is_never_cut_by_a_new_link(
    doctor: Client, invited: Appointment, state: str
) -> None:
    VisitFactory(guest=invited.patient, state=state)

    assert replace(doctor, invited) == ["The consultation is still running. Please hang up first."]
    assert Guest.objects.get(pk=invited.patient_id).link_version == 1


def test_strangers_and_colleagues_replace_and_send_nothing(
    invited: Appointment, stranger: User, colleague: User
) -> None:
    for person in (stranger, colleague):
        client = signed_in(person)
        answers = [
            client.get(f"/patients/{invited.code}/link/"),
            client.post(f"/patients/{invited.code}/link/", {"by_email": "on"}),
            client.post(f"/patients/{invited.code}/invitation/"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
    assert Guest.objects.get(pk=invited.patient_id).link_version == 1
    assert Message.objects.count() == 1

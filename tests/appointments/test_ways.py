"""What happens to an appointment goes out by every way by which the patient was invited."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import CANCELLATION, CHANGE, INVITATION, Appointment
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Text, render
from tests.appointments.conftest import BERLIN
from tests.appointments.test_edit_page import typed, url
from tests.appointments.test_views import toasts
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
Channel, State, Reason = Message.Channel, Message.State, Message.Reason
NUMBER, OTHER = "+491713920012", "+491713920099"
LATER = datetime(2027, 7, 15, 9, 30, tzinfo=BERLIN)
HOME = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _english(professional: User) -> None:
    professional.language = "en"
    professional.save()


@pytest.fixture
def invited(appointment: Appointment) -> Appointment:
    """Both invitations arrived two minutes ago."""
    appointment.patient.phone = NUMBER
    appointment.patient.save()
    actions.send_invitation(appointment, actor=appointment.professional, ways=list(Channel))
    return settled(appointment)


@pytest.fixture
def by_sms(invited: Appointment) -> Appointment:
    """Invited by SMS alone, and without an address."""
    Message.objects.filter(channel=Channel.EMAIL).delete()
    invited.patient.email = ""
    invited.patient.save()
    return Appointment.objects.get()


def settled(appointment: Appointment, state: str = State.SENT, **values: Any) -> Appointment:
    """Whatever is on its way came to this, two minutes ago."""
    past = timezone.now() - timedelta(minutes=2)
    times = {"sent_at": past} if state == State.SENT else {"failed_at": past}
    Message.objects.filter(state=State.QUEUED).update(
        state=state, created_at=past, **times, **values
    )
    return Appointment.objects.get(pk=appointment.pk)


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


def sent() -> list[tuple[str, str]]:
    """What is queued since the two invitations."""
    rows = Message.objects.filter(state=State.QUEUED).order_by("id")
    return [(row.kind, row.channel) for row in rows]


def opens(link: str) -> bool:
    return Client().get(link.removeprefix(HOME)).status_code == 200


def test_moving_is_told_by_both_ways(invited: Appointment) -> None:
    link = invited.link_url

    told = change(invited, starts_at=LATER)

    row = Appointment.objects.get()
    assert (told, sent()) == (CHANGE, [(CHANGE, "email"), (CHANGE, "sms")])
    assert [message.kind for message in row.deliveries] == [CHANGE, CHANGE]
    text = render(CHANGE, str(row.pk), Channel.SMS)
    assert isinstance(text, Text)
    assert (text.to, link in text.text, "15.07.2027" in text.text) == (NUMBER, True, True)


def test_moving_is_told_by_sms_alone(by_sms: Appointment) -> None:
    assert change(by_sms, starts_at=LATER) == CHANGE
    assert sent() == [(CHANGE, "sms")]


def test_way_that_failed_gets_the_invitation_instead_of_the_notice(
    invited: Appointment,
) -> None:
    Message.objects.filter(channel=Channel.SMS).update(state=State.FAILED)

    assert change(invited, starts_at=LATER) == INVITATION
    assert sent() == [(CHANGE, "email"), (INVITATION, "sms")]


def test_sms_that_still_waits_says_the_new_time_by_itself(invited: Appointment) -> None:
    Message.objects.filter(channel=Channel.SMS).update(state=State.QUEUED)

    change(invited, starts_at=LATER)

    assert sent() == [(INVITATION, "sms"), (CHANGE, "email")]


def test_new_number_gets_a_new_link_and_the_mailbox_too(invited: Appointment) -> None:
    former = invited.link_url

    told = change(invited, mobile=OTHER)

    row = Appointment.objects.get()
    assert (told, sent()) == (INVITATION, [(INVITATION, "email"), (INVITATION, "sms")])
    assert (row.patient.phone, opens(former), opens(row.link_url)) == (OTHER, False, True)
    trail = AuditEntry.objects.filter(action="appointment.changed").values_list("data", flat=True)
    assert list(trail) == [{"fields": ["mobile"]}]
    assert "4917" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_new_address_brings_the_new_link_by_sms_too(invited: Appointment) -> None:
    change(invited, email="neu@example.org")

    assert sent() == [(INVITATION, "email"), (INVITATION, "sms")]
    assert Appointment.objects.get().patient.link_version == 2


@pytest.mark.parametrize(("reason", "replaced"), [("", False), (Reason.UNCERTAIN, True)])
def test_corrected_number_keeps_the_link_that_surely_nobody_got(
    invited: Appointment, reason: str, replaced: bool
) -> None:
    link = invited.link_url
    Message.objects.filter(channel=Channel.SMS).update(state=State.FAILED, reason=reason)

    change(invited, mobile=OTHER)

    assert (Appointment.objects.get().link_url != link) == replaced
    assert sent() == ([(INVITATION, "email")] if replaced else []) + [(INVITATION, "sms")]


def test_first_number_brings_an_sms_and_no_further_mail(appointment: Appointment) -> None:
    actions.send_invitation(appointment, actor=appointment.professional)
    row, link = settled(appointment), appointment.link_url

    assert change(row, mobile=NUMBER) == INVITATION
    assert (sent(), Appointment.objects.get().link_url) == ([(INVITATION, "sms")], link)


def test_taken_away_number_is_written_to_no_more(invited: Appointment) -> None:
    change(invited, mobile="", starts_at=LATER)

    row = Appointment.objects.get()
    assert (row.patient.phone, row.sms_delivery, sent()) == ("", None, [(CHANGE, "email")])


def test_new_number_does_not_show_out_who_is_there(doctor: Client, invited: Appointment) -> None:
    VisitFactory(guest=invited.patient, state="waiting")

    answer = doctor.post(url(invited), typed(invited, by_sms="on", mobile="0171 39200 99"))

    page = answer.content.decode()
    assert (answer.status_code, sent()) == (422, [])
    assert (
        "The patient is there and would lose the link."
        in page.split('id="id_mobile_error">')[1][:600]
    )
    assert Appointment.objects.get().patient.phone == NUMBER


def test_page_asks_for_the_number_as_the_new_form_does(
    doctor: Client, invited: Appointment
) -> None:
    page = doctor.get(url(invited)).content.decode()

    assert 'name="by_sms"' in page
    assert 'value="+49 171 3920012"' in page
    assert "informed of a new time by e-mail and SMS" in page


def test_untouched_page_keeps_the_number(doctor: Client, invited: Appointment) -> None:
    answer = doctor.post(url(invited), typed(invited, by_sms="on", mobile="+49 171 3920012"))

    assert toasts(answer) == ["The changes are saved. No message was sent."]
    assert (sent(), Appointment.objects.get().patient.phone) == ([], NUMBER)


@pytest.mark.parametrize(
    ("mobile", "sentence"),
    [
        ("", "Please enter the mobile number for the invitation."),
        ("089 1234567", "This is not a mobile number, so no SMS would arrive there."),
    ],
)
def test_wrong_number_changes_nothing(
    doctor: Client, invited: Appointment, mobile: str, sentence: str
) -> None:
    answer = doctor.post(url(invited), typed(invited, by_sms="on", mobile=mobile, last_name="Neu"))

    row = Appointment.objects.get()
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert (row.patient.phone, row.patient.last_name) == (NUMBER, invited.patient.last_name)


def test_number_stays_where_the_tariff_has_no_sms(doctor: Client, invited: Appointment) -> None:
    invited.organisation.has_sms = False
    invited.organisation.save()

    doctor.post(url(invited), typed(invited, last_name="Neu"))

    row = Appointment.objects.get()
    assert (row.patient.phone, row.patient.last_name) == (NUMBER, "Neu")


@pytest.mark.parametrize(
    ("ticks", "told", "sentence"),
    [
        (["by_email", "by_sms"], ["email", "sms"], "The new one is on its way by e-mail and SMS."),
        (["by_sms"], ["sms"], "The new one is on its way by SMS."),
        (["by_email"], ["email"], "The new one is on its way by e-mail."),
        ([], [], "Please pass on the new one."),
    ],
)
def test_new_link_comes_by_the_ways_that_were_ticked(
    doctor: Client, invited: Appointment, ticks: list[str], told: list[str], sentence: str
) -> None:
    former = invited.link_url

    answer = doctor.post(f"/patients/{invited.code}/link/", dict.fromkeys(ticks, "on"))

    row = Appointment.objects.get()
    assert toasts(answer) == [f"The former link no longer works. {sentence}"]
    assert sent() == [(INVITATION, way) for way in told]
    assert [message.channel for message in row.deliveries] == told
    assert (opens(former), opens(row.link_url)) == (False, True)
    text = render(INVITATION, str(row.pk), Channel.SMS)
    assert isinstance(text, Text)
    assert row.link_url in text.text
    assert former not in text.text


def test_replacing_asks_about_both_ways(doctor: Client, invited: Appointment) -> None:
    page = doctor.get(f"/patients/{invited.code}/link/").content.decode()

    assert f"Send the new link to {invited.patient.email}" in page
    assert "Send the new link by SMS to +49 171 3920012" in page


def test_nobody_without_an_address_is_sent_an_sms_that_was_not_asked_for(
    doctor: Client, appointment: Appointment
) -> None:
    doctor.post(f"/patients/{appointment.code}/link/", {"by_sms": "on"})

    assert sent() == []


@pytest.mark.parametrize("reason", [Reason.SMS_REFUSED, Reason.SMS_AWAY])
def test_cancellation_goes_by_sms_though_sending_again_failed(
    invited: Appointment, reason: str
) -> None:
    actions.send_invitation_again(invited, actor=invited.professional)
    Message.objects.filter(state=State.QUEUED, channel=Channel.SMS).update(
        state=State.FAILED, reason=reason
    )
    row = settled(invited)

    actions.delete_appointment(row, actor=row.professional)

    assert sent() == [(CANCELLATION, "email"), (CANCELLATION, "sms")]


def test_cancellation_leaves_out_the_way_that_never_arrived(invited: Appointment) -> None:
    Message.objects.filter(channel=Channel.SMS).update(state=State.FAILED)
    actions.send_invitation_again(invited, actor=invited.professional)
    row = settled(invited, State.FAILED, reason=Reason.SMS_REFUSED)

    actions.delete_appointment(row, actor=row.professional)

    assert sent() == [(CANCELLATION, "email")]


def test_first_sending_by_hand_goes_by_all_ways_there_are(appointment: Appointment) -> None:
    appointment.patient.phone = NUMBER
    appointment.patient.save()

    actions.send_invitation_again(appointment, actor=appointment.professional)

    assert sent() == [(INVITATION, "email"), (INVITATION, "sms")]


def test_pages_and_history_tell_of_each_notice(doctor: Client, invited: Appointment) -> None:
    change(invited, starts_at=LATER)
    Message.objects.filter(kind=CHANGE, channel=Channel.SMS).update(
        state=State.FAILED, reason=Reason.SMS_REFUSED, failed_at=timezone.now()
    )
    row = settled(invited)

    page = doctor.get(f"/patients/{row.code}/").content.decode()
    with translation.override("en"):
        texts = [line.text for line in history_of(row)]

    assert "The notice of the new time by SMS could not be delivered." in page
    assert "The notice of the new time could not be delivered." not in page
    assert "Notice of the new time handed to the SMS service" in texts
    assert "Notice of the new time delivered by e-mail" in texts
    assert (
        "Notice of the new time by SMS not delivered: "
        "The SMS service refused the message. Is the mobile number right?" in texts
    )


def test_corrected_address_gets_one_invitation(appointment: Appointment) -> None:
    actions.send_invitation(appointment, actor=appointment.professional)  # waits, for a while

    change(appointment, email="paul.patient@example.net")

    waiting = Message.objects.filter(state=State.QUEUED)
    assert [message.kind for message in waiting] == [INVITATION]
    assert Appointment.objects.get().delivery == waiting.get()
    assert Message.objects.filter(state=State.DROPPED).count() == 1


def test_new_address_of_a_past_appointment_was_told_nothing(invited: Appointment) -> None:
    Appointment.objects.update(starts_at=timezone.now() - timedelta(days=1))

    change(Appointment.objects.get(), email="paul.patient@example.net")

    row = Appointment.objects.get()
    assert row.delivery is None
    assert row.sms_delivery is None or row.sms_delivery.state == State.SENT


def test_move_after_a_failed_new_link_brings_the_link(invited: Appointment) -> None:
    actions.replace_link(invited, actor=invited.professional, ways=[Channel.EMAIL])
    row = settled(invited, State.FAILED, reason=Reason.REFUSED)

    kind = change(row, starts_at=LATER)

    assert kind == INVITATION

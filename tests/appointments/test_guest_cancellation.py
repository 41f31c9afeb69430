"""The patient cancels: asked first, told in writing, and the link is closed (DEC-14)."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions, refusals
from healthcompanion.appointments.models import Appointment
from healthcompanion.appointments.queries import appointment_for, coming_appointments_of
from healthcompanion.core import events
from healthcompanion.core.close_codes import LINK_ENDED
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.links import link_token
from healthcompanion.guests.models import Visit
from healthcompanion.notifications.actions import deliver_message
from healthcompanion.notifications.models import Message
from tests.calls.news import News
from tests.factories import GuestFactory, VisitFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db
ASKS = "Termin absagen?"


@pytest.fixture
def news() -> Iterator[News]:
    sink = News()
    events.connect(sink)
    yield sink
    events.connect(None)


@pytest.fixture
def invited(appointment: Appointment, professional: User) -> Appointment:
    """The invitation has arrived."""
    actions.send_invitation(appointment, actor=professional)
    assert appointment.delivery is not None
    deliver_message(appointment.delivery.pk)
    mail.outbox.clear()
    return appointment


def by_link(appointment: Appointment) -> str:
    return f"/g/{link_token(appointment.patient)}/cancellation/"


def by_ticket(appointment: Appointment) -> str:
    return f"/g/{appointment.patient.code}/cancellation/"


def test_asking_changes_nothing(client: Client, appointment: Appointment) -> None:
    for browser, address in (
        (client, by_link(appointment)),
        (with_ticket(appointment.patient), by_ticket(appointment)),
    ):
        page = browser.get(address)

        assert (page.status_code, ASKS in page.content.decode()) == (200, True)
        assert page["Referrer-Policy"] == "strict-origin"
    appointment.patient.refresh_from_db()
    assert appointment.patient.has_open_link
    assert appointment.patient.cancelled_at is None


def test_greeting_offers_to_cancel(client: Client, appointment: Appointment) -> None:
    page = client.get(f"/g/{link_token(appointment.patient)}")

    assert by_link(appointment) in page.content.decode()


def test_cancelling_by_the_link_closes_it_and_says_so(client: Client, invited: Appointment) -> None:
    page = client.post(by_link(invited))

    assert (page.status_code, "Ihr Termin ist abgesagt" in page.content.decode()) == (200, True)
    for verb in (client.get, client.post):
        for address in (by_link(invited), f"/g/{link_token(invited.patient)}"):
            again = verb(address)
            assert again.status_code == 410
            assert "Sie haben diesen Termin abgesagt" in again.content.decode()


def test_cancelling_in_the_waiting_room_ends_the_visit_and_tells_the_host(
    invited: Appointment,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    guest = invited.patient
    visit = VisitFactory(guest=guest)
    with django_capture_on_commit_callbacks(execute=True):
        with_ticket(guest).post(by_ticket(invited))

    visit.refresh_from_db()
    host = news.to(events.user_channel(guest.host_id))
    told = next(event for event in host if event["type"] == "guest.cancelled")
    assert visit.state == Visit.State.ENDED
    assert news.revoked == [(events.guest_channel(guest.pk), LINK_ENDED)]
    assert told["text"].startswith("Paul Patient hat den Termin abgesagt: ")
    entry = AuditEntry.objects.get(action="appointment.cancelled")
    assert entry.actor == f"guest:{guest.pk}"


def test_patient_gets_it_in_writing_with_a_calendar_file(invited: Appointment) -> None:
    actions.cancel_for_patient(invited)
    message = Message.objects.get(kind="appointment.cancellation")
    deliver_message(message.pk)

    (letter,) = mail.outbox
    calendar = str(letter.attachments[0])
    assert letter.to == ["Paul Patient <paul@example.net>"] or "paul@example.net" in letter.to[0]
    assert "Sie haben es selbst abgesagt." in letter.body
    assert "/g/" not in letter.body
    assert "METHOD:CANCEL" in calendar
    assert "SEQUENCE:1" in calendar


def test_queued_invitation_is_not_sent_any_more(
    appointment: Appointment, professional: User
) -> None:
    actions.send_invitation(appointment, actor=professional)
    actions.cancel_for_patient(appointment)
    assert appointment.delivery is not None
    deliver_message(appointment.delivery.pk)

    appointment.delivery.refresh_from_db()
    assert (appointment.delivery.state, mail.outbox) == (Message.State.DROPPED, [])
    assert coming_appointments_of("paul@example.net") == []


def test_professional_sees_it_and_can_do_no_more_than_delete(invited: Appointment) -> None:
    actions.cancel_for_patient(invited)
    browser = signed_in(invited.professional)
    address = invited.get_absolute_url()

    for path in ("/", "/patients/", address):
        page = browser.get(path)
        assert "Vom Patienten abgesagt" in page.content.decode()
        assert 'id="call-' not in page.content.decode().replace('id="call-stage"', "")
    assert browser.get("/").context["next_appointment"] is None
    assert "Patient/in hat den Termin abgesagt" in browser.get(address).content.decode()
    for verb, path in (
        (browser.get, "edit/"),
        (browser.post, "edit/"),
        (browser.post, "link/"),
        (browser.post, "invitation/"),
    ):
        answer = verb(address + path, follow=True)
        assert answer.redirect_chain == [(address, 302)]
        assert "Bitte erstellen Sie einen neuen Termin" in answer.content.decode()
    browser.post(address + "deletion/")
    assert Message.objects.filter(kind="appointment.cancellation").count() == 1
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("verb", ["change", "replace", "invite"])
def test_change_that_meets_a_cancellation_finds_it_gone(invited: Appointment, verb: str) -> None:
    stale = appointment_for(invited.professional, invited.code)
    actor = invited.professional
    details = {
        "first_name": "Paul",
        "last_name": "Patient",
        "email": "paul@example.net",
        "mobile": "",
        "language": "de",
        "starts_at": stale.starts_at + timedelta(hours=1),
        "duration_minutes": 30,
    }
    verbs: dict[str, Callable[[], object]] = {
        "change": lambda: actions.change_appointment(stale, actor=actor, **details),  # type: ignore[arg-type]  # as a form gives them
        "replace": lambda: actions.replace_link(stale, actor=actor, ways=[]),
        "invite": lambda: actions.send_invitation_again(stale, actor=actor),
    }
    actions.cancel_for_patient(invited)

    with pytest.raises(refusals.AppointmentGone):
        verbs[verb]()


@pytest.mark.parametrize("state", [Visit.State.CALLED, Visit.State.CONSULTATION])
def test_nobody_cancels_while_they_are_called(appointment: Appointment, state: str) -> None:
    visit = VisitFactory(guest=appointment.patient, state=state)

    page = with_ticket(appointment.patient).post(by_ticket(appointment))

    visit.refresh_from_db()
    appointment.patient.refresh_from_db()
    assert (page.status_code, visit.state) == (409, state)
    assert "Bitte legen Sie zuerst auf" in page.content.decode()
    assert appointment.patient.has_open_link


def test_cancelling_twice_tells_once(invited: Appointment) -> None:
    for _ in range(2):
        actions.cancel_for_patient(invited)

    assert Message.objects.filter(kind="appointment.cancellation").count() == 1
    assert AuditEntry.objects.filter(action="appointment.cancelled").count() == 1


def test_deleted_appointment_cannot_be_cancelled(client: Client, appointment: Appointment) -> None:
    address = by_link(appointment)
    actions.delete_appointment(appointment, actor=appointment.professional)

    page = client.post(address)

    assert (page.status_code, "abgesagt oder geändert" in page.content.decode()) == (410, True)
    appointment.patient.refresh_from_db()
    assert appointment.patient.cancelled_at is None


@pytest.mark.parametrize("why", ["past", "held"])
def test_what_is_over_cannot_be_cancelled(client: Client, invited: Appointment, why: str) -> None:
    """A consultation that was held stays one, whatever is pressed weeks later."""
    if why == "past":
        Appointment.objects.update(starts_at=timezone.now() - timedelta(days=20))
    else:
        VisitFactory(guest=invited.patient, state=Visit.State.ENDED, consultation_at=timezone.now())
    greeting = client.get(f"/g/{link_token(invited.patient)}/").content.decode()

    answer = client.post(by_link(invited))

    assert "absagen" not in greeting
    assert answer.status_code == 409
    assert "nichts mehr abzusagen" in answer.content.decode()
    invited.refresh_from_db()
    assert invited.patient.cancelled_at is None
    assert not Message.objects.filter(kind="appointment.cancellation").exists()


@pytest.mark.parametrize("address", ["/g/abcdefghijkl/cancellation/", "/g/abc-def/cancellation/"])
def test_guess_is_refused(client: Client, appointment: Appointment, address: str) -> None:
    for verb in (client.get, client.post):
        assert verb(address).status_code == 404
    wrong = by_link(appointment).replace("/cancellation", "x/cancellation")
    assert client.post(wrong).status_code == 404
    assert client.post(by_ticket(appointment)).status_code == 404


def test_who_takes_part_beside_the_patient_cannot_cancel(
    client: Client, appointment: Appointment
) -> None:
    patient = appointment.patient
    interpreter = GuestFactory(host=patient.host, role="interpreter", companion_of=patient)

    for verb in (client.get, client.post):
        assert verb(f"/g/{link_token(interpreter)}/cancellation/").status_code == 404
    for page in (
        client.get(f"/g/{link_token(interpreter)}"),
        with_ticket(interpreter).get(f"/g/{interpreter.code}/"),
    ):
        assert page.status_code == 200
        assert "cancellation" not in page.content.decode()
        assert "<visit-chat" not in page.content.decode()

"""A message from the queue to the mail server, whatever the mail server says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.core.events import user_channel
from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message
from tests.calls.news import News
from tests.infrastructure.mail import Mailbox, link_in, text_of
from tests.infrastructure.postgres import free_port
from tests.notifications.conftest import attempt

pytestmark = pytest.mark.django_db
State, Reason = Message.State, Message.Reason
TO = "paul@example.net"


def answers(text: str) -> Callable[..., Any]:
    async def handle(*args: Any) -> str:
        return text

    return handle


def test_mail_arrives_with_text_html_and_link(
    message: Message, mailbox: Mailbox, appointment: Appointment, settings: Settings
) -> None:
    attempt(message)

    letter = mailbox.wait_for(TO)
    assert len(mailbox.letters) == 1
    assert (message.state, message.reason, message.attempts) == (State.SENT, "", 1)
    assert message.sent_at is not None
    assert letter["From"] == settings.DEFAULT_FROM_EMAIL
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert letter.get_content_type() == "multipart/mixed"
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert link_in(letter, "http://localhost:8000/g/") == appointment.link_url
    assert appointment.link_url in text_of(letter, "html")


def test_settled_message_is_never_sent_again(message: Message, mailbox: Mailbox) -> None:
    for _ in range(3):
        attempt(message)

    assert len(mailbox.letters) == 1
    assert message.attempts == 1


def test_message_that_is_not_due_yet_waits(message: Message, mailbox: Mailbox) -> None:
    Message.objects.update(due_at=timezone.now() + timedelta(seconds=5))

    actions.deliver_message(message.pk)

    message.refresh_from_db()
    assert (message.state, mailbox.letters) == (State.QUEUED, [])


def test_unknown_address_is_given_up_at_once(message: Message, mailbox: Mailbox) -> None:
    mailbox.unknown.add(TO)

    attempt(message)

    assert (message.state, message.reason, message.attempts) == (State.FAILED, Reason.ADDRESS, 1)


@pytest.mark.parametrize(
    ("hook", "answer", "state", "reason"),
    [
        ("handle_RCPT", "450 4.2.1 Greylisted, come back", State.QUEUED, Reason.REFUSED),
        ("handle_DATA", "451 4.3.0 Try later", State.QUEUED, Reason.REFUSED),
        ("handle_DATA", "554 5.7.1 No spam please", State.FAILED, Reason.REFUSED),
        ("handle_MAIL", "451 4.3.0 Busy", State.QUEUED, Reason.REFUSED),
        ("handle_MAIL", "530 5.7.0 Not you", State.FAILED, Reason.REFUSED),
    ],
)
def test_what_the_server_says_decides(
    message: Message,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    hook: str,
    answer: str,
    state: str,
    reason: str,
) -> None:
    monkeypatch.setattr(mailbox, hook, answers(answer), raising=False)

    attempt(message)

    assert (message.state, message.reason, mailbox.letters) == (state, reason, [])


def test_wrong_password_for_the_mail_server_does_not_lose_mails(
    message: Message, mailbox: Mailbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def greet(server: Any, session: Any, envelope: Any, name: str, lines: list[str]) -> Any:
        session.host_name = name
        return [*lines[:-1], "250-AUTH PLAIN LOGIN", lines[-1]]

    monkeypatch.setattr(mailbox, "handle_EHLO", greet, raising=False)
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "someone", "wrong"

    attempt(message)

    assert (message.state, message.reason) == (State.QUEUED, Reason.UNREACHABLE)


def test_mail_server_that_cannot_do_what_is_asked_is_not_asked_again(
    message: Message, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EMAIL_USE_TLS = True  # the server has no STARTTLS

    attempt(message)

    assert (message.state, message.reason, message.attempts) == (
        State.FAILED,
        Reason.UNSUPPORTED,
        1,
    )
    assert message.failed_at is not None


def test_address_that_mail_cannot_express_is_given_up(
    message: Message, mailbox: Mailbox, appointment: Appointment
) -> None:
    type(appointment.patient).objects.update(email="erika@mustermann@example.net")

    attempt(message)

    assert (message.state, message.reason, mailbox.letters) == (State.FAILED, Reason.ADDRESS, [])


def test_bad_farewell_of_the_server_does_not_send_the_mail_twice(
    message: Message, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "handle_QUIT", answers("451 4.3.0 Not now"), raising=False)

    attempt(message)

    assert (message.state, len(mailbox.letters)) == (State.SENT, 1)


@pytest.mark.parametrize(
    ("kind", "state", "reason"),
    [
        ("appointment.invitation", State.FAILED, Reason.UNCERTAIN),
        ("appointment.cancellation", State.QUEUED, Reason.UNCERTAIN),
    ],
)
def test_silence_in_the_middle_of_a_mail_is_no_answer(
    message: Message,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    state: str,
    reason: str,
) -> None:
    async def take_and_hang_up(server: Any, session: Any, envelope: Any) -> str:
        server.transport.abort()
        return "250 OK"

    monkeypatch.setattr(mailbox, "handle_DATA", take_and_hang_up)
    if kind == "appointment.cancellation":
        Appointment.objects.update(deleted_at=timezone.now())
    Message.objects.update(kind=kind)

    attempt(message)

    assert (message.state, message.reason) == (state, reason)


def test_unreachable_server_is_tried_with_growing_pauses(
    message: Message, settings: Settings, mailbox: Mailbox
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    pauses = []
    for number in range(1, 6):
        attempt(message)
        pauses.append(round((message.due_at - timezone.now()).total_seconds()))
        assert (message.state, message.attempts) == (State.QUEUED, number)
        assert message.reason == Reason.UNREACHABLE

    attempt(message)

    assert pauses == [10, 60, 300, 1800, 7200]
    assert (message.state, message.attempts) == (State.FAILED, 6)
    settings.EMAIL_PORT = port
    assert attempt(message).state == State.FAILED


def test_server_that_comes_back_gets_the_mail(
    message: Message, settings: Settings, mailbox: Mailbox
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    attempt(message)
    settings.EMAIL_PORT = port

    attempt(message)

    assert (message.state, message.reason, message.attempts) == (State.SENT, "", 2)
    assert len(mailbox.letters) == 1


def test_retry_is_a_job_for_later(
    message: Message,
    settings: Settings,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_PORT = free_port()

    with django_capture_on_commit_callbacks(execute=True):
        attempt(message)

    job = DBTaskResult.objects.get()
    assert job.args_kwargs == {"args": [message.pk], "kwargs": {}}
    assert job.run_after == message.due_at


def test_jobs_carry_nothing_but_the_id(
    appointment: Appointment,
    professional: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        message = actions.queue_message(
            "appointment.invitation", str(appointment.pk), organisation=None, sender=professional
        )

    assert DBTaskResult.objects.get().args_kwargs == {"args": [message.pk], "kwargs": {}}
    assert TO not in repr(list(Message.objects.values()))


def test_invitation_of_a_deleted_appointment_is_dropped(
    message: Message, mailbox: Mailbox, appointment: Appointment
) -> None:
    Appointment.objects.update(deleted_at=timezone.now())

    attempt(message)

    assert (message.state, mailbox.letters) == (State.DROPPED, [])


@pytest.mark.parametrize(
    ("unknown", "state", "text"),
    [
        (set(), "sent", "E-mail delivered to Paul Patient"),
        ({TO}, "failed", "E-mail could not be delivered to Paul Patient"),
    ],
)
def test_sender_is_told(
    message: Message,
    mailbox: Mailbox,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    unknown: set[str],
    state: str,
    text: str,
) -> None:
    mailbox.unknown = unknown

    with django_capture_on_commit_callbacks(execute=True):
        attempt(message)

    assert message.sender is not None
    assert news.published == [
        (
            [user_channel(message.sender.pk)],
            {
                "type": "delivery.changed",
                "message": message.code,
                "state": state,
                "text": text,
            },
        )
    ]


def test_sender_is_not_bothered_while_it_is_tried(
    message: Message,
    mailbox: Mailbox,
    news: News,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_PORT = free_port()

    with django_capture_on_commit_callbacks(execute=True):
        attempt(message)

    assert [(event["state"], event["text"]) for _to, event in news.published] == [("queued", "")]

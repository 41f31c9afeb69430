"""What a killed worker left behind is sent, unless it may have gone out already."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import render, renders
from tests.calls.news import News
from tests.infrastructure.mail import Mailbox
from tests.notifications.conftest import attempt

pytestmark = pytest.mark.django_db
State, Reason = Message.State, Message.Reason


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING])
def test_what_a_killed_worker_left_is_rescued(
    message: Message,
    mailbox: Mailbox,
    state: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Message.objects.update(state=state, due_at=timezone.now() - timedelta(minutes=2))

    with django_capture_on_commit_callbacks(execute=True):
        rescued = [actions.rescue_stuck_messages(), actions.rescue_stuck_messages()]

    assert rescued == [1, 0]
    assert DBTaskResult.objects.count() == 1
    assert attempt(message).state == State.SENT


@pytest.mark.parametrize(
    ("kind", "state", "jobs"),
    [("appointment.invitation", State.FAILED, 0), ("appointment.cancellation", State.QUEUED, 1)],
)
def test_mail_that_may_have_gone_out_goes_again_only_where_that_does_no_harm(
    message: Message,
    news: News,
    kind: str,
    state: str,
    jobs: int,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(kind=kind, state=State.SENDING, due_at=past, handed_over_at=past)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.rescue_stuck_messages() == 1

    message.refresh_from_db()
    assert (message.state, DBTaskResult.objects.count()) == (state, jobs)
    if state == State.FAILED:
        assert (message.reason, message.failed_at is None) == (Reason.UNCERTAIN, False)
        assert [event["state"] for _to, event in news.published] == ["failed"]


def test_worker_that_slept_through_its_lease_keeps_its_hands_off(
    message: Message, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(kind: str, reference: str, channel: str) -> Any:
        Message.objects.update(attempts=2)  # the rescue came, and another worker after it
        return render(kind, reference, channel)

    monkeypatch.setattr(actions, "render", slow)

    attempt(message)

    assert (message.state, mailbox.letters) == (State.SENDING, [])


def test_message_in_good_hands_is_left_alone(message: Message) -> None:
    for state in (State.SENDING, State.QUEUED):
        Message.objects.update(state=state, due_at=timezone.now() + timedelta(seconds=30))
        assert actions.rescue_stuck_messages() == 0
    for state in (State.SENT, State.FAILED, State.DROPPED):
        Message.objects.update(state=state, due_at=timezone.now() - timedelta(days=1))
        assert actions.rescue_stuck_messages() == 0


def test_message_that_kills_its_worker_is_given_up_in_the_end(message: Message) -> None:
    @renders("test.poison")
    def poison(reference: str) -> None:
        raise RuntimeError("a template that does not work")

    Message.objects.update(kind="test.poison")
    for _ in range(6):
        with pytest.raises(RuntimeError):
            attempt(message)

    message.refresh_from_db()
    assert (message.state, message.reason, message.attempts) == (
        State.FAILED,
        Reason.INTERNAL,
        6,
    )
    assert DBTaskResult.objects.count() == 0  # the job that failed is the one that comes again

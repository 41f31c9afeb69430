"""Telling people things: queue, deliver, try again."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from healthcompanion.accounts.models import User
from healthcompanion.core import events
from healthcompanion.core.jobs import BACK_OFF
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.sms import send_text
from healthcompanion.notifications.transport import NotDelivered, mail_transport
from healthcompanion.notifications.wording import Text, Words, is_harmless_twice, render
from healthcompanion.organisations.models import Organisation

LEASE = timedelta(minutes=2)  # a mail server that answers at all does so within seconds
State, Reason, Channel = Message.State, Message.Reason, Message.Channel


def queue_message(
    kind: str,
    reference: str,
    *,
    organisation: Organisation | None,
    sender: User | None,
    channel: Message.Channel = Message.Channel.EMAIL,
) -> Message:
    """Put a message on its way; the worker renders and sends it after the commit."""
    message = Message.objects.create(
        kind=kind,
        channel=channel,
        reference=reference,
        organisation=organisation,
        sender=sender,
        due_at=timezone.now(),
    )
    _enqueue(message)
    return message


def withdraw_message(message: Message) -> None:
    """Do not send a message that is still waiting; another takes its place."""
    Message.objects.filter(pk=message.pk, state=State.QUEUED).update(state=State.DROPPED)


def start_afresh(message_id: int) -> None:
    """Let a message that was given up wait for its job again (`manage.py jobs --retry`)."""
    Message.objects.filter(pk=message_id, state=State.FAILED).update(
        state=State.QUEUED,
        reason=Reason.NONE,
        attempts=0,
        due_at=timezone.now(),
        failed_at=None,
        handed_over_at=None,
    )


def deliver_message(message_id: int) -> None:
    """One try to send a message. Does nothing where another worker has it or it is settled."""
    message = _claim(message_id)
    if message is None:
        return
    try:
        words = render(message.kind, message.reference, message.channel)
    except Exception:
        message.reason = Reason.INTERNAL
        _try_again(message, None, for_good=False, by_job=True)
        raise  # the job fails with it, and stays visible to the operator
    if words is None:
        _settle(message, State.DROPPED)
        return
    try:
        if not _send(message, words):
            return
    except NotDelivered as refusal:
        message.reason = refusal.reason
        lost_sight = refusal.reason == Reason.UNCERTAIN and not is_harmless_twice(message.kind)
        _try_again(message, words, for_good=refusal.for_good or lost_sight)
    else:
        message.sent_at = timezone.now()
        message.reason = Reason.NONE
        _settle(message, State.SENT, words)


def _send(message: Message, words: Words) -> bool:
    """Whether it was still ours to send. Raises NotDelivered."""
    if isinstance(words, Text):
        ours = _hand_over(message)
        if ours:
            send_text(words)
        return ours
    with mail_transport() as send:
        ours = _hand_over(message)
        if ours:
            send(words)
    return ours


def rescue_stuck_messages() -> int:
    """Queue again what a killed worker left behind; how many there were.

    What was being handed over in that moment may have arrived: it goes out again only where that
    does no harm, and its sender is told otherwise.
    """
    now = timezone.now()
    waiting = Message.objects.filter(state=State.QUEUED, due_at__lt=now - timedelta(minutes=1))
    held = Message.objects.filter(state=State.SENDING, due_at__lt=now)
    return sum(_rescue(message) for message in (waiting | held).select_related("sender"))


def _claim(message_id: int) -> Message | None:
    """The message, ours for the length of the lease; None where it is not to be had."""
    claimed = Message.objects.filter(
        pk=message_id, state=State.QUEUED, due_at__lte=timezone.now()
    ).update(
        state=State.SENDING,
        due_at=timezone.now() + LEASE,
        handed_over_at=None,
        attempts=F("attempts") + 1,  # before the try: one that kills its worker counts as well
    )
    return Message.objects.select_related("sender").get(pk=message_id) if claimed else None


def _hand_over(message: Message) -> bool:
    """Write down that the transport gets the message now; False where the lease was lost."""
    message.handed_over_at = timezone.now()
    message.due_at = message.handed_over_at + LEASE
    return bool(
        Message.objects.filter(
            pk=message.pk, state=State.SENDING, attempts=message.attempts
        ).update(handed_over_at=message.handed_over_at, due_at=message.due_at)
    )


@transaction.atomic
def _rescue(message: Message) -> bool:
    """Whether the message was still stuck as it was found; too many tries end it."""
    uncertain = message.handed_over_at is not None and not is_harmless_twice(message.kind)
    given_up = uncertain or message.attempts > len(BACK_OFF)
    now = timezone.now()
    changes: dict[str, Any] = {"due_at": now, "state": State.FAILED if given_up else State.QUEUED}
    if given_up:
        changes["failed_at"] = now
    if uncertain:
        changes["reason"] = Reason.UNCERTAIN
    rescued = Message.objects.filter(
        pk=message.pk, state=message.state, due_at=message.due_at
    ).update(**changes)
    if not rescued:
        return False  # its worker was alive after all
    message.refresh_from_db()
    if given_up:
        _announce(message, "")
    else:
        _enqueue(message)
    return True


def _enqueue(message: Message) -> None:
    from healthcompanion.notifications.tasks import deliver  # noqa: PLC0415 -- tasks call actions

    due = message.due_at

    def enqueue() -> None:
        later = due if due > timezone.now() else None
        deliver.using(run_after=later).enqueue(message.pk)

    transaction.on_commit(enqueue)


def _try_again(
    message: Message, words: Words | None, *, for_good: bool, by_job: bool = False
) -> None:
    """Queue the next try after its pause, or give up. `by_job`: the failing job comes again."""
    if for_good or message.attempts > len(BACK_OFF):
        message.failed_at = timezone.now()
        _settle(message, State.FAILED, words)
        return
    message.state = State.QUEUED
    message.handed_over_at = None
    message.due_at = timezone.now() + timedelta(seconds=BACK_OFF[message.attempts - 1])
    with transaction.atomic():
        message.save()
        if not by_job:
            _enqueue(message)
        _announce(message, "")


def _settle(message: Message, state: Message.State, words: Words | None = None) -> None:
    message.state = state
    with transaction.atomic():
        message.save()
        _announce(message, _toast(message, words) if words else "")


def _announce(message: Message, text: str) -> None:
    if message.sender is not None:
        events.publish(
            [events.user_channel(message.sender.pk)],
            {
                "type": "delivery.changed",
                "message": message.code,
                "state": message.state,
                "text": text,
            },
        )


def _toast(message: Message, words: Words) -> str:
    """TOA-1 and TOA-4, in the sender's language; account mails have no sender and no toast."""
    if message.sender is None:
        return ""
    texts = {
        (Channel.EMAIL, True): gettext_lazy("E-mail delivered to %(name)s"),
        (Channel.EMAIL, False): gettext_lazy("E-mail could not be delivered to %(name)s"),
        (Channel.SMS, True): gettext_lazy("SMS delivered to %(name)s"),
        (Channel.SMS, False): gettext_lazy("SMS could not be delivered to %(name)s"),
    }
    text = texts[Channel(message.channel), message.state == State.SENT]
    with translation.override(message.sender.language):
        return str(text) % {"name": words.to_name}

"""Telling people things: queue, deliver, try again."""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from healthcompanion.accounts.models import User
from healthcompanion.core import events
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, render
from healthcompanion.organisations.models import Organisation

# Seconds until the next try. After the last one the message counts as not delivered.
BACK_OFF = (10, 60, 300, 1800, 7200)
STUCK_AFTER = timedelta(minutes=5)


class NotDelivered(Exception):
    """The transport refused a mail."""

    def __init__(self, reason: Message.Reason, *, for_good: bool) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.for_good = for_good


def queue_message(
    kind: str, reference: str, *, organisation: Organisation | None, sender: User | None
) -> Message:
    """Put a message on its way; the worker renders and sends it after the commit."""
    message = Message.objects.create(
        kind=kind,
        reference=reference,
        organisation=organisation,
        sender=sender,
        due_at=timezone.now(),
    )
    _enqueue(message)
    return message


def deliver_message(message_id: int) -> None:
    """One try to send a message. Does nothing where another worker has it or it is settled."""
    claimed = Message.objects.filter(
        pk=message_id, state=Message.State.QUEUED, due_at__lte=timezone.now()
    ).update(
        state=Message.State.SENDING,
        due_at=timezone.now() + STUCK_AFTER,
        attempts=F("attempts") + 1,  # before the try: one that kills its worker counts as well
    )
    if not claimed:
        return
    message = Message.objects.select_related("sender").get(pk=message_id)
    mail = render(message.kind, message.reference)
    if mail is None:
        _settle(message, Message.State.DROPPED)
        return
    try:
        _send(mail)
    except NotDelivered as refusal:
        message.reason = refusal.reason
        _try_again(message, mail, for_good=refusal.for_good)
    else:
        message.sent_at = timezone.now()
        message.reason = Message.Reason.NONE
        _settle(message, Message.State.SENT, mail)


def rescue_stuck_messages() -> int:
    """Queue again what a killed worker left behind; how many there were."""
    stuck = Message.objects.filter(
        state__in=[Message.State.SENDING, Message.State.QUEUED],
        due_at__lt=timezone.now() - timedelta(minutes=1),
    )
    return sum(_rescue(message) for message in stuck)


@transaction.atomic
def _rescue(message: Message) -> bool:
    """Whether the message was still stuck as it was found; too many tries end it."""
    given_up = message.attempts > len(BACK_OFF)
    state = Message.State.FAILED if given_up else Message.State.QUEUED
    rescued = Message.objects.filter(
        pk=message.pk, state=message.state, due_at=message.due_at
    ).update(state=state, due_at=timezone.now())
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


def _send(mail: Mail) -> None:
    """Hand a mail to the transport. Raises NotDelivered with the reason in our words."""
    letter = EmailMultiAlternatives(
        subject=mail.subject, body=mail.text, to=[mail.to], headers=mail.headers
    )
    letter.attach_alternative(mail.html, "text/html")
    try:
        with get_connection() as letter.connection:  # closes also where signing in fails
            letter.send()
    except SMTPRecipientsRefused as error:
        for_good = next(iter(error.recipients.values()))[0] >= 500
        reason = Message.Reason.ADDRESS if for_good else Message.Reason.REFUSED  # greylisting
        raise NotDelivered(reason, for_good=for_good) from error
    except (SMTPAuthenticationError, SMTPConnectError) as error:  # nothing about this mail
        raise NotDelivered(Message.Reason.UNREACHABLE, for_good=False) from error
    except SMTPResponseException as error:
        raise NotDelivered(Message.Reason.REFUSED, for_good=error.smtp_code >= 500) from error
    except (SMTPException, OSError) as error:
        raise NotDelivered(Message.Reason.UNREACHABLE, for_good=False) from error


def _try_again(message: Message, mail: Mail, *, for_good: bool) -> None:
    if for_good or message.attempts > len(BACK_OFF):
        _settle(message, Message.State.FAILED, mail)
        return
    message.state = Message.State.QUEUED
    message.due_at = timezone.now() + timedelta(seconds=BACK_OFF[message.attempts - 1])
    with transaction.atomic():
        message.save()
        _enqueue(message)
        _announce(message, "")


def _settle(message: Message, state: Message.State, mail: Mail | None = None) -> None:
    message.state = state
    with transaction.atomic():
        message.save()
        _announce(message, _toast(message, mail) if mail else "")


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


def _toast(message: Message, mail: Mail) -> str:
    """TOA-1 and TOA-4, in the sender's language; account mails have no sender and no toast."""
    if message.sender is None:
        return ""
    with translation.override(message.sender.language):
        if message.state == Message.State.SENT:
            return _("E-mail delivered to %(name)s") % {"name": mail.to_name}
        return _("E-mail could not be delivered to %(name)s") % {"name": mail.to_name}

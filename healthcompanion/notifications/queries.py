"""Questions about what was sent."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from healthcompanion.notifications.models import Message, OutboxMail


def outbox_mails() -> QuerySet[OutboxMail]:
    """The demo's kept mails, newest first. Http404 where mails really go out."""
    if not settings.HC_OUTBOX:
        raise Http404
    return OutboxMail.objects.all()[:100]


def outbox_mail(code: str) -> OutboxMail:
    """One kept mail of the demo, or Http404."""
    if not settings.HC_OUTBOX:
        raise Http404
    return get_object_or_404(OutboxMail, code=code)


def outbox_attachment(code: str, number: int) -> dict[str, str]:
    """The file `number`, from 1 on, of a kept mail; or Http404."""
    files = outbox_mail(code).attachments
    if not 1 <= number <= len(files):
        raise Http404
    file: dict[str, str] = files[number - 1]
    return file


def has_gone_out(kind: str, reference: str, channel: str) -> bool:
    """Whether any message of `kind` about `reference` may have arrived by `channel`.

    That is: was delivered, is just being sent, or was interrupted in the middle of it.
    """
    gone = Q(state__in=(Message.State.SENT, Message.State.SENDING)) | Q(
        reason=Message.Reason.UNCERTAIN
    )
    messages = Message.objects.filter(kind=kind, reference=reference, channel=channel)
    return messages.filter(gone).exists()


def hold_messages(*keys: int | None) -> None:
    """Lock these messages until the transaction ends, so that no worker takes one meanwhile."""
    list(Message.objects.select_for_update().filter(pk__in=[key for key in keys if key]))


def is_first(message: Message) -> bool:
    """Whether it is the first of its kind about its subject, by whichever way."""
    earlier = Message.objects.filter(kind=message.kind, reference=message.reference)
    return not earlier.filter(pk__lt=message.pk).exists()

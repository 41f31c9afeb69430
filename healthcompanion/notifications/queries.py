"""Questions about what was sent."""

from django.conf import settings
from django.db.models import QuerySet
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


def has_gone_out(kind: str, reference: str) -> bool:
    """Whether any message of `kind` about `reference` was delivered, or is just being sent."""
    gone = (Message.State.SENT, Message.State.SENDING)
    return Message.objects.filter(kind=kind, reference=reference, state__in=gone).exists()

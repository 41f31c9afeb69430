"""Questions about requests. Fetching is authorising."""

from django.db.models import QuerySet

from healthcompanion.accounts.models import User
from healthcompanion.support.models import ChangeRequest, SupportRequest

SHOWN = 20


def requests_of(user: User) -> QuerySet[SupportRequest]:
    """One's own, the latest first."""
    return SupportRequest.objects.filter(user=user).order_by("-pk")[:SHOWN]


def open_requests() -> QuerySet[SupportRequest]:
    """Everybody's that wait for an answer, the oldest first: the operator's."""
    return SupportRequest.objects.filter(state=SupportRequest.State.OPEN).order_by("pk")


def latest_change(user: User) -> ChangeRequest | None:
    """The last change that one asked for and did not take back."""
    rows = ChangeRequest.objects.filter(user=user).exclude(state=ChangeRequest.State.WITHDRAWN)
    return rows.order_by("-pk").first()


def open_change_requests() -> QuerySet[ChangeRequest]:
    """Everybody's that wait for a decision, the oldest first: the operator's."""
    rows = ChangeRequest.objects.filter(state=ChangeRequest.State.OPEN)
    return rows.select_related("user").order_by("pk")

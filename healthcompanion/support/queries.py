"""Questions about requests. Fetching is authorising."""

from django.db.models import QuerySet

from healthcompanion.accounts.models import User
from healthcompanion.support.models import SupportRequest

SHOWN = 20


def requests_of(user: User) -> QuerySet[SupportRequest]:
    """One's own, the latest first."""
    return SupportRequest.objects.filter(user=user).order_by("-pk")[:SHOWN]


def open_requests() -> QuerySet[SupportRequest]:
    """Everybody's that wait for an answer, the oldest first: the operator's."""
    return SupportRequest.objects.filter(state=SupportRequest.State.OPEN).order_by("pk")

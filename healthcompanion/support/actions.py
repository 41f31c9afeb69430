"""What happens to requests."""

from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core import audit
from healthcompanion.notifications.actions import queue_message
from healthcompanion.support.models import SupportRequest

KIND = "support.request"


@transaction.atomic
def send_request(user: User, *, subject: str, description: str, report: str = "") -> SupportRequest:
    """Keep the request and mail it to the operator's support."""
    row = SupportRequest.objects.create(
        user=user, subject=subject, description=description, report=report
    )
    queue_message(KIND, str(row.pk), organisation=None, sender=None)
    audit.record("support.requested", row, actor=user, organisation_id=None)
    return row


@transaction.atomic
def close_request(row: SupportRequest, *, actor: User | None) -> bool:
    """The support has answered; False where it was closed already. `actor` is None for the
    operator at the command line."""
    rows = SupportRequest.objects.filter(pk=row.pk, state=SupportRequest.State.OPEN)
    if not rows.update(state=SupportRequest.State.CLOSED, closed_at=timezone.now()):
        return False
    audit.record("support.closed", row, actor=actor, organisation_id=None)
    return True

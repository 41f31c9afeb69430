"""What the audit trail tells the staff of a row: what was decided about it, and by whom.

Only what stands in DEEDS: whom somebody treated, called or invited is none of the staff's business.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core import audit
from healthcompanion.core.models import AuditEntry
from healthcompanion.organisations.suspension import Reason

LINES = 30
DEEDS: dict[str, str | Promise] = {
    "backoffice.seen": _("Looked at"),
    "support.requested": _("Sent"),
    "support.closed": _("Closed"),
    "change.asked": _("Sent"),
    "change.approved": _("Approved"),
    "change.refused": _("Refused"),
    "address.asked": _("New e-mail address asked for"),
    "address.withdrawn": _("New e-mail address taken back"),
    "address.changed": _("New e-mail address confirmed"),
    "proof.submitted": _("Sent"),
    "proof.opened": _("Document opened"),
    "proof.verified": _("Accepted"),
    "proof.rejected": _("Rejected"),
    "person.blocked": _("Blocked"),
    "person.unblocked": _("Let in again"),
    "person.renamed": _("Name changed"),
    "second_factor.reset": _("Second factor reset"),
    "organisation.suspended": _("Suspended"),
    "organisation.resumed": _("Suspension lifted"),
}
REASONS = dict(Reason.choices)


@dataclass(frozen=True)
class Deed:
    """A line of the history."""

    at: datetime
    text: str | Promise
    by: str
    reason: str


def history_of(row: Model) -> list[Deed]:
    """The latest deeds first. `by` is the name of whoever did it; "" for the command line."""
    entries = AuditEntry.objects.filter(subject=audit.reference(row), action__in=DEEDS)
    lines = list(entries.order_by("-pk")[:LINES])
    keys = {entry.actor.removeprefix("user:") for entry in lines if entry.actor[:5] == "user:"}
    people = {audit.reference(user): user for user in User.objects.filter(pk__in=keys)}
    return [
        Deed(
            at=entry.created_at,
            text=DEEDS[entry.action],
            by=people[entry.actor].full_name if entry.actor in people else "",
            reason=str(REASONS.get(entry.data.get("reason", ""), "")),
        )
        for entry in lines
    ]

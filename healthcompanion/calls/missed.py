"""Calls that nobody took, as long as nothing has come of them since (the dashboard)."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from healthcompanion.calls.call_log import INTERNAL, RELATED, Direction, Entry
from healthcompanion.calls.models import LIVE, Call
from healthcompanion.organisations.models import Membership

RECENT = timedelta(days=7)
SHOWN = 5
UNANSWERED = Q(outcome__in=[Call.Outcome.MISSED, Call.Outcome.CANCELLED])
SETTLED = LIVE | Q(outcome=Call.Outcome.COMPLETED)


def missed_calls(membership: Membership) -> list[Entry]:
    """Patients whom one did not reach, and colleagues who did not reach one, within seven days.

    Newest first, each person once, and nobody with whom one has talked since. One query.
    """
    user, organisation = membership.user, membership.organisation
    here = Q(contact_organisation=organisation) | Q(organisation=organisation, **INTERNAL)
    rows = _unsettled().filter(
        Q(
            initiator=user,
            organisation=organisation,
            guest__host=user,  # not those whom somebody else looks after by now
            guest__cancelled_at=None,
            guest__appointment__deleted_at=None,
            outcome=Call.Outcome.MISSED,
        )
        | Q(UNANSWERED & here, contact=user)
    )
    found = rows.select_related(*RELATED, "guest__appointment").order_by("-rang_at", "-code")
    return [
        Entry(call, Direction.OUTGOING if call.guest_id else Direction.INCOMING)
        for call in found[:SHOWN]
    ]


def _unsettled() -> QuerySet[Call]:
    """Calls of the last days without a later one between the same two, missed again or taken."""
    later = Call.objects.filter(rang_at__gt=OuterRef("rang_at"))
    guest = later.filter(SETTLED | Q(outcome=Call.Outcome.MISSED), guest=OuterRef("guest"))
    again = later.filter(
        SETTLED | UNANSWERED, initiator=OuterRef("initiator"), contact=OuterRef("contact")
    )
    back = later.filter(SETTLED, initiator=OuterRef("contact"), contact=OuterRef("initiator"))
    recent = Call.objects.filter(state=Call.State.ENDED, rang_at__gte=timezone.now() - RECENT)
    return recent.exclude(Exists(guest)).exclude(Exists(again)).exclude(Exists(back))

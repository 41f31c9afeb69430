"""Calls that are over, for the tests of the logs."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.guests.models import Guest

Outcome = Call.Outcome


def ended(
    caller: User,
    callee: User | Guest,
    *,
    at: datetime | None = None,
    seconds: float = 754,
    outcome: str = Outcome.COMPLETED,
    **more: Any,
) -> Call:
    """A call from `caller`, accepted at once where it was held; an hour ago unless said."""
    began = at or timezone.now() - timedelta(hours=1)
    held = outcome == Outcome.COMPLETED
    subject: dict[str, Any] = {"guest": callee}
    if isinstance(callee, User):
        there = callee.membership.organisation
        is_internal = there == caller.membership.organisation
        subject = {"contact": callee, "contact_organisation": None if is_internal else there}
    call = Call.objects.create(
        **{
            "organisation": caller.membership.organisation,
            "initiator": caller,
            "state": Call.State.ENDED,
            "outcome": outcome,
            "rang_at": began,
            "accepted_at": began if held else None,
            "ended_at": began + timedelta(seconds=seconds if held else 45),
            **subject,
            **more,
        }
    )
    CallParticipant.objects.create(call=call, user=caller, joined_at=began)
    who = {"user": callee} if isinstance(callee, User) else {"guest": callee}
    CallParticipant.objects.create(call=call, joined_at=began if held else None, **who)
    return call

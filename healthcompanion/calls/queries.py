"""Questions about calls. Fetching is authorising."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from healthcompanion.accounts.models import User
from healthcompanion.calls.descriptions import offer_key
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.news import call_state
from healthcompanion.core import events
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import is_door_open, latest_visit

STEPS = {
    Visit.State.CHECKED: "check",
    Visit.State.WAITING: "waiting",
    Visit.State.CALLED: "called",
    Visit.State.CONSULTATION: "call",
    Visit.State.ENDED: "ended",
    Visit.State.LEFT: "left",
}


def participant_for(person: User | Guest, code: str) -> CallParticipant:
    """`person`'s place in the call `code`; Http404 for everybody who is not in it."""
    participant = _places(person).filter(call__code=code).first()
    if participant is None:
        raise Http404
    return participant


def live_participant(person: User | Guest) -> CallParticipant | None:
    """`person`'s place in the call that they are in now, if any."""
    live = _places(person).filter(call__state__in=["ringing", "active"], left_at=None)
    return live.first()


def is_in_consultation(user: User) -> bool:
    """Whether `user` takes part in a call that was accepted and goes on."""
    return _places(user).filter(call__state=Call.State.ACTIVE, left_at=None).exists()


def visit_state(guest: Guest) -> dict[str, Any]:
    """Where the guest stands, for their page: `VisitState` of docs/protocol.md."""
    visit = latest_visit(guest)
    place = live_participant(guest)
    name = visit.confirmed_name if visit else ""
    step = "name"
    if visit is not None and visit.state == Visit.State.ANNOUNCED:
        step = "check" if name else "name"
    elif visit is not None:
        step = STEPS[Visit.State(visit.state)]
    has_door = is_door_open(guest)
    if not has_door:
        step = "ended"
    ringing = place is not None and place.call.state == Call.State.RINGING
    return {
        "guest": guest.code,
        "step": step,
        "name": name or guest.full_name,
        "call": call_state(place.call, place) if place else None,
        "offer": events.held(offer_key(place.call.code)) if place and ringing else None,
        "ended_call": _last_call_of(guest) if step == "ended" else "",
        "may_return": has_door and name != "",
    }


def _last_call_of(guest: Guest) -> str:
    """The code of the guest's last consultation, which their page may ask about; "" without one."""
    # Who left early is told at once, though the others go on.
    left = Q(call__state=Call.State.ACTIVE, left_at__isnull=False)
    held = _places(guest).filter(Q(call__outcome=Call.Outcome.COMPLETED) | left)
    place = held.order_by("-call_id").first()
    return place.call.code if place else ""


def _places(person: User | Guest) -> QuerySet[CallParticipant]:
    mine = Q(user=person) if isinstance(person, User) else Q(guest=person)
    return CallParticipant.objects.filter(mine).select_related(
        "call", "call__guest", "call__guest__appointment", "user", "guest"
    )

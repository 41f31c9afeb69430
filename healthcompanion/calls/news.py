"""What the pages of a call's people are told, each from their own point of view."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.descriptions import offer_key
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.turn import ice_servers
from healthcompanion.core import events
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import latest_visits


def call_state(call: Call, viewer: CallParticipant) -> dict[str, Any]:
    """The call as `viewer`'s page needs it: `CallState` of docs/protocol.md."""
    is_over = call.state == Call.State.ENDED or viewer.left_at is not None
    # An ended call lists all who took part, a live one those who are in it, in the same order.
    people = call.participants.order_by("pk") if is_over else call.members
    if viewer.left_at is not None:  # nothing of who came after them, nor of who is there now
        people = people.filter(joined_at__lt=viewer.left_at)
    people = people.select_related("user", "guest")
    other_names = _other_names(people) if viewer.user_id is not None else {}
    began_at, ended_at = call.accepted_at, viewer.left_at or call.ended_at
    if is_over and began_at and viewer.joined_at:  # the length on the last page is their own
        began_at = max(began_at, viewer.joined_at)
    return {
        "code": call.code,
        "state": Call.State.ENDED if is_over else call.state,
        # For who left it or was removed a call is over, though others go on.
        "outcome": call.outcome or (Call.Outcome.COMPLETED if is_over else ""),
        "me": viewer.code,
        "polite": viewer.guest_id is not None,
        "initiated_by_me": viewer.user_id == call.initiator_id and viewer.guest_id is None,
        "participants": [
            {
                "code": person.code,
                "name": person.person.full_name,
                "other_name": other_names.get(person.guest_id, ""),
                "role": person.guest.role if person.guest else "professional",
                "mode": person.mode,
                "joined": viewer.left_at is None
                and person.joined_at is not None
                and person.left_at is None,
            }
            for person in people
        ],
        "subject_url": _subject_url(call, viewer),
        "rang_at": call.rang_at.isoformat(),
        "accepted_at": began_at.isoformat() if began_at else None,
        "ended_at": ended_at.isoformat() if ended_at else None,
        "now": timezone.now().isoformat(),
        "ring_seconds": settings.HC_RING_SECONDS,
        # An ended call needs no relay, though its guest may look at it as long as the ticket lives.
        "ice_servers": [] if is_over else ice_servers(viewer),
    }


def channel_of(participant: CallParticipant) -> str:
    """Where a participant's open pages listen."""
    if participant.user_id is not None:
        return events.user_channel(participant.user_id)
    assert participant.guest_id is not None  # noqa: S101 -- the check constraint says so
    return events.guest_channel(participant.guest_id)


def announce(
    kind: str, call: Call, *, to: Iterable[CallParticipant] | None = None, **more: Any
) -> None:
    """Tell the members of `call`, or `to`; a ring carries its offer to those who are rung."""
    for participant in call.members.select_related("user", "guest") if to is None else to:
        event = {"type": kind, "call": call_state(call, participant), **more}
        if kind == "call.ringing" and not event["call"]["initiated_by_me"]:
            event["offer"] = events.held(offer_key(call.code))
        events.publish([channel_of(participant)], event)


def _other_names(people: Iterable[CallParticipant]) -> dict[int | None, str]:
    """Under which other names guests signed in, by their keys; only professionals are told."""
    visits = latest_visits([person.guest for person in people if person.guest])
    return {guest: visit.other_name for guest, visit in visits.items()}


def _subject_url(call: Call, viewer: CallParticipant) -> str:
    if viewer.user_id is None or call.guest is None:
        return ""
    appointment = getattr(call.guest, "appointment", None)
    return appointment.get_absolute_url() if appointment else reverse("dashboard:home")


def participant_of(call: Call, person: User | Guest) -> CallParticipant | None:
    """`person`'s place in `call`, or None for strangers."""
    if isinstance(person, User):
        return call.participants.filter(user=person).first()
    return call.participants.filter(guest=person).first()

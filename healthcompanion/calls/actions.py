"""What happens to calls. Every step is a conditional update: exactly one wins."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import may_treat
from healthcompanion.calls.descriptions import Description, offer_key
from healthcompanion.calls.models import UNENDED, Call, CallParticipant
from healthcompanion.calls.news import announce
from healthcompanion.calls.signals import call_ended
from healthcompanion.core import audit, events
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import is_online
from healthcompanion.organisations import licences, suspension

State, Outcome = Call.State, Call.Outcome
ALLOWED: dict[str, set[str]] = {
    State.RINGING: {State.ACTIVE, State.ENDED},
    State.ACTIVE: {State.ENDED},
    State.ENDED: set(),
}


class CallRefused(Exception):
    """The call cannot be started; `reason` is "busy" or "offline"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotPossible(Exception):
    """Somebody or something else was faster: the call is no longer in that state."""


def call_guest(guest: Guest, *, caller: User, offer: Description | None) -> Call:
    """Ring a guest in the waiting room (DEC-16). The offer travels with the ring.

    Raises CallRefused("offline") where the guest is not there, CallRefused("busy") where the
    caller or the guest is in a live call already, CallRefused("unverified") where the operator has
    not checked that the caller may practise (A13).
    """
    if not may_treat(caller):
        raise CallRefused("unverified")
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is None or not is_online(guest, visit):
        raise CallRefused("offline")
    try:
        with transaction.atomic():
            held = Guest.objects.select_for_update().get(pk=guest.pk)
            if not held.has_open_link:
                raise CallRefused("offline")
            call = Call.objects.create(
                organisation=guest.organisation,
                initiator=caller,
                guest=guest,
                rang_at=timezone.now(),
            )
            CallParticipant.objects.create(call=call, user=caller, joined_at=call.rang_at)
            CallParticipant.objects.create(call=call, guest=guest)
            guests.move(visit, to=Visit.State.CALLED)
            _record("call.started", call, actor=caller)
            if offer is not None:
                events.hold(offer_key(call.code), {"type": offer.type, "sdp": offer.sdp})
            announce("call.ringing", call)
    except (IntegrityError, guests.NotPossible) as error:
        raise CallRefused("busy") from error
    return call


@transaction.atomic
def accept_call(call: Call, *, guest: Guest, answer: Description | None) -> None:
    """The guest takes the call. Raises NotPossible for everybody who comes second (DEC-16)."""
    _move(call, State.ACTIVE, accepted_at=timezone.now())
    call.participants.filter(guest=guest).update(joined_at=call.accepted_at)
    move_visit(guest, Visit.State.CONSULTATION)
    _record("call.accepted", call, actor=guest)
    announce(
        "call.accepted", call, answer={"type": answer.type, "sdp": answer.sdp} if answer else None
    )


def decline_call(call: Call, *, guest: Guest) -> None:
    """The guest does not want to be called now. Raises NotPossible once it rings no longer."""
    if call.state != State.RINGING:
        raise NotPossible
    _end(call, Outcome.DECLINED, actor=guest)


def end_call(call: Call, *, actor: User | Guest | None) -> None:
    """Hang up; while it rings, the caller cancels and the guest declines. Twice is no error.

    Whoever hangs up in the moment of an accept or a time-out means the call as it is then.
    """
    unanswered = Outcome.DECLINED if isinstance(actor, Guest) else Outcome.CANCELLED
    while call.state != State.ENDED:
        outcome = unanswered if call.state == State.RINGING else Outcome.COMPLETED
        try:
            _end(call, outcome, actor=actor)
        except NotPossible:
            call.refresh_from_db()  # states only move forward, so this comes to an end


def note_mode(place: CallParticipant, mode: str) -> None:
    """How the person's connections run, as their own page measured it: the last word counts.

    Raises NotPossible before the accept and after the end.
    """
    running = CallParticipant.objects.filter(pk=place.pk, call__state=State.ACTIVE)
    if not running.update(mode=mode):
        raise NotPossible


@transaction.atomic
def depart(guest: Guest) -> None:
    """The guest leaves the waiting room; a ring that reaches them there is declined with it.

    Raises guests.NotPossible in mid-consultation: that is hung up, not left.
    """
    ringing = Call.objects.filter(guest=guest, state=State.RINGING).first()
    if ringing is not None:
        decline_call(ringing, guest=guest)
    guests.leave(guest)


def expire_rings() -> int:
    """End what has been ringing for longer than DEC-16 allows; how many there were.

    Decided from the row and the server's clock, so a killed process loses nothing.
    """
    limit = timezone.now() - timedelta(seconds=settings.HC_RING_SECONDS)
    expired = Call.objects.filter(UNENDED, state=State.RINGING, rang_at__lte=limit)
    ended = 0
    for call in expired:
        try:
            _end(call, Outcome.MISSED, actor=None)
        except NotPossible:
            continue  # accepted in this very moment
        ended += 1
    return ended


@transaction.atomic
def _end(call: Call, outcome: str, *, actor: User | Guest | None) -> None:
    if call.guest_id is not None:
        guests.hold_door(call.guest_id)
    now = timezone.now()
    was_active = call.state == State.ACTIVE
    _move(call, State.ENDED, outcome=outcome, ended_at=now)
    members = list(call.members.select_related("guest", "user"))
    call.members.filter(joined_at__isnull=False).update(left_at=now)
    for guest in [member.guest for member in members if member.guest]:
        move_visit(guest, Visit.State.ENDED if was_active else Visit.State.WAITING)
    for user in [member.user for member in members if member.user]:
        licences.end_with_call(user)
        suspension.end_with_call(user)
    if was_active:
        _close_door(call)
    _record(f"call.{outcome}", call, actor=actor, seconds=round(call.duration.total_seconds()))
    call_ended.send(Call, call=call)
    announce("call.ended", call, to=members)


def _close_door(call: Call) -> None:
    """Whoever waited beside the patient to be let in, or was on their way, is told to go home."""
    if call.guest_id is None:
        return
    outside = Visit.objects.exclude(state__in=Visit.OVER).filter(guest__companion_of=call.guest_id)
    for visit in outside.select_related("guest"):
        with suppress(guests.NotPossible):  # left in this very moment
            guests.move(visit, to=Visit.State.ENDED)


def _move(call: Call, to: str, **changes: object) -> None:
    if to not in ALLOWED[call.state]:
        raise NotPossible
    won = Call.objects.filter(pk=call.pk, state=call.state).update(
        state=to, version=F("version") + 1, **changes
    )
    if not won:
        raise NotPossible
    call.refresh_from_db()


def move_visit(guest: Guest, to: str) -> None:
    """Take the guest's visit along; where it is closed already there is nothing to move."""
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is not None and to in guests.ALLOWED[visit.state]:
        guests.move(visit, to=to)


def _record(action: str, call: Call, *, actor: User | Guest | None, **data: object) -> None:
    subject = call.guest or call
    audit.record(
        action, subject, actor=actor, organisation_id=call.organisation_id, call=call.pk, **data
    )

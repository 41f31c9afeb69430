"""What sockets do in a call: take part, and pass signals between its members."""

from dataclasses import dataclass

from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import CallParticipant
from healthcompanion.calls.news import channel_of
from healthcompanion.guests.models import Guest


@dataclass(frozen=True)
class Seat:
    """A participant's place in a live call, and where the others listen."""

    me: str
    others: dict[str, str]  # participant code -> channel
    until: float


def find_seat(person: User | Guest, code: str, until: float) -> Seat | None:
    """`person`'s seat in the live call `code`; None for strangers, leavers, ended calls."""
    people = list(
        CallParticipant.objects.filter(
            call__code=code, call__state__in=["ringing", "active"], left_at=None
        )
    )
    mine = [place for place in people if _is(place, person)]
    if not mine:
        return None
    others = {place.code: channel_of(place) for place in people if place is not mine[0]}
    return Seat(mine[0].code, others, until)


def take_seat(person: User | Guest, code: str, until: float) -> Seat | None:
    """The same, noting that the person is in the call now."""
    seat = find_seat(person, code, until)
    if seat is not None:
        CallParticipant.objects.filter(code=seat.me, joined_at=None, call__state="active").update(
            joined_at=timezone.now()
        )
    return seat


def _is(place: CallParticipant, person: User | Guest) -> bool:
    if isinstance(person, User):
        return place.user_id == person.pk
    return place.guest_id == person.pk

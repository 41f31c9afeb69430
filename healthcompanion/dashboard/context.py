"""What the frame around every signed-in page shows."""

import json
from typing import Any

from django.http import HttpRequest

from healthcompanion.accounts.models import User
from healthcompanion.accounts.queries import preferences_of
from healthcompanion.appointments.queries import guests_waiting
from healthcompanion.calls.news import call_state
from healthcompanion.calls.queries import live_participant
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership
from healthcompanion.organisations.rules import can_work


def shell(request: HttpRequest) -> dict[str, Any]:
    """How many patients wait, the running call that a reloaded page goes back into, preferences."""
    user = getattr(request, "user", None)
    membership: Membership | None = getattr(request, "membership", None)
    if not isinstance(user, User) or membership is None or not can_work(membership):
        return {}
    place = live_participant(user)
    # The page may have looked already.
    waiting: list[Guest] | None = getattr(request, "guests_waiting", None)
    if waiting is None:
        waiting = guests_waiting(user)
    preferences = preferences_of(membership.user)
    return {
        "is_muted": preferences.is_muted,
        "own_devices": preferences,
        "waiting_count": len(waiting),
        # Whose envelopes this page reads: the host's alone (DEC-20).
        "waiting_guests": " ".join(guest.code for guest in waiting if guest.host_id == user.pk),
        "call_json": json.dumps(call_state(place.call, place)) if place else "",
    }

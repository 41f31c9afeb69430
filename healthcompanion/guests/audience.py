"""Who hears of a guest: the host, and who works for the host (DEC-7)."""

from healthcompanion.core import events
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.queries import assistants_of


def host_channels(guest: Guest) -> list[str]:
    """Where the practice's side of `guest` listens. One query."""
    return [events.user_channel(key) for key in (guest.host_id, *assistants_of(guest.host_id))]

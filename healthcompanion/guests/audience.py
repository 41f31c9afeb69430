"""Who hears of a guest: the host, and who works for the host (DEC-7)."""

from healthcompanion.core import events
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.queries import assistants_of


def host_channels(guest: Guest) -> list[str]:
    """Where the practice's side of `guest` listens. One query."""
    return [events.user_channel(key) for key in (guest.host_id, *assistants_of(guest.host_id))]


def channels_of_guest(key: int) -> list[str]:
    """The same for the guest with this key, as things are now; nobody once the guest is deleted."""
    guest = Guest.objects.filter(pk=key).first()
    return host_channels(guest) if guest is not None else []

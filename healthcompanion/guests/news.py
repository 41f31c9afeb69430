"""What a host's open pages say about guests: a sentence for a toast, in the host's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healthcompanion.core import events
from healthcompanion.guests.audience import host_channels
from healthcompanion.guests.models import Guest


def tell_arrival(guest: Guest) -> None:
    """The guest has entered the waiting room."""
    with _as_host_reads(guest):
        if guest.companion_of_id is not None:  # they have no appointment of their own
            text = _("%(name)s waits to be let in (came at %(when)s).")
            text %= _filled(guest, timezone.now())
        else:
            text = _("%(name)s is in the waiting room (appointment: %(when)s).")
            text %= _filled(guest, guest.scheduled_at)
    _tell("guest.arrived", guest, text)


def tell_cancellation(guest: Guest) -> None:
    """The guest will not come."""
    with _as_host_reads(guest):
        text = _("%(name)s has cancelled the appointment: %(when)s.")
        text %= _filled(guest, guest.scheduled_at)
    _tell("guest.cancelled", guest, text)


@contextmanager
def _as_host_reads(guest: Guest) -> Iterator[None]:
    """The host's language and the practice's zone, for as long as a sentence is made."""
    with (
        translation.override(guest.host.language),
        timezone.override(guest.organisation.zone),
    ):
        yield


def _filled(guest: Guest, moment: datetime) -> dict[str, str]:
    """Name and time: two guests may have one name."""
    start = timezone.localtime(moment)
    clock = date_format(start, "TIME_FORMAT")
    is_today = start.date() == timezone.localdate()
    when = clock if is_today else f"{date_format(start, 'SHORT_DATE_FORMAT')}, {clock}"
    return {"name": guest.full_name, "when": when}


def _tell(kind: str, guest: Guest, text: str) -> None:
    news = {"type": kind, "guest": guest.code, "text": text}
    events.publish(host_channels(guest), news)

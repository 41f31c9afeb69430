"""Replacing the installation's keys: what still hangs on an old one (docs/operating/keys.md)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from healthcompanion.core.keys import key_id
from healthcompanion.guests.models import Guest


@dataclass(frozen=True)
class LinkKey:
    """A key that guest links were made with."""

    identifier: str
    is_given: bool
    open_links: int
    last_ends_at: datetime | None


def link_keys() -> list[LinkKey]:
    """The keys given, first the one in use, and then those that only open links remember."""
    open_links = Guest.objects.filter(link_closed_at=None, link_expires_at__gt=timezone.now())
    counted = {
        row["link_key"]: (row["count"], row["last"])
        for row in open_links.values("link_key").annotate(
            count=Count("pk"), last=Max("link_expires_at")
        )
    }
    given = [key_id(key) for key in settings.HC_LINK_KEYS]
    lost = sorted(set(counted) - set(given))
    return [
        LinkKey(identifier, identifier in given, *counted.get(identifier, (0, None)))
        for identifier in (*given, *lost)
    ]

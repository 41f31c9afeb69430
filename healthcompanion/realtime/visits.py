"""What sockets do between a waiting guest and their host: pass envelopes on, unopened (DEC-20).

Nothing of them is kept, counted or written down. Who speaks is who the socket was opened by.
"""

import time

from healthcompanion.core.events import guest_channel, user_channel
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import guest_here
from healthcompanion.realtime.actors import Actor
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.frames import RelayVisit
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.limits import TokenBucket

RATE, BURST = 5, 60  # a page that opens greets everybody who waits
TRUST_SECONDS = 30


class VisitRelay:
    """One socket's side of the messages with waiting guests."""

    def __init__(self, hub: Hub, actor: Actor) -> None:
        self.hub, self.actor = hub, actor
        self.bucket = TokenBucket(RATE, BURST)
        self.ways: dict[str, str] = {}  # guest code -> where the other side listens
        self.known_at, self.until = -1, 0.0

    async def pass_on(self, frame: RelayVisit) -> str:
        """Hand the envelope to the other side; the code of an error, or "" where all is well."""
        if not self.bucket.take():
            return "too-many"
        way = await self._way(frame.guest)
        if way is None:
            return "not-found"
        news = {
            "type": "visit.relayed",
            "guest": frame.guest,
            "sender": "guest" if self.actor.is_guest else "host",
            "envelope": frame.envelope,
        }
        self.hub.tell(way, news)
        return ""

    async def _way(self, code: str) -> str | None:
        """Looked up once, and again after 30 s or any news: the visit may have ended."""
        sequence, now = self.hub.sequence(self.actor.channel), time.monotonic()
        if self.known_at != sequence or now >= self.until:
            self.ways, self.known_at, self.until = {}, sequence, now + TRUST_SECONDS
        if code not in self.ways:
            found = await in_database(guest_here, self.actor.person, code)
            if found is None:
                return None
            self.ways[code] = self._other_side(found)
        return self.ways[code]

    def _other_side(self, guest: Guest) -> str:
        return user_channel(guest.host_id) if self.actor.is_guest else guest_channel(guest.pk)

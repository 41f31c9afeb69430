"""The hub: who listens where, and delivery to them. One per process; fast, no database.

Everything here runs on the event loop. `ThreadSafeSink` is the door for other threads.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol

from healthcompanion.realtime.frames import encode

PRESENCE_SECONDS = 60.0
HOLD_SECONDS = 60.0


class Listener(Protocol):
    """A socket as the hub sees it."""

    def send(self, text: str) -> None: ...
    def close(self, code: int) -> None: ...


class Hub:
    """Channels with their listeners, sequence numbers, presence and short-lived values."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.epoch = secrets.token_hex(8)
        self.clock = clock
        self.listeners: dict[str, set[Listener]] = defaultdict(set)
        self.sequences: dict[str, int] = defaultdict(int)
        self.seen: dict[str, float] = {}
        self.revoked: dict[str, float] = {}
        self.kept: dict[str, tuple[float, Any]] = {}

    def join(self, channel: str, listener: Listener) -> None:
        self.listeners[channel].add(listener)

    def leave(self, channel: str, listener: Listener) -> bool:
        """Forget a listener; whether it was the channel's last."""
        members = self.listeners.get(channel)
        if members is None:
            return True
        members.discard(listener)
        if not members:
            del self.listeners[channel]
            return True
        return False

    def has_listeners(self, channel: str) -> bool:
        return channel in self.listeners

    def sequence(self, channel: str) -> int:
        """The number of the last event on `channel` in this epoch."""
        return self.sequences.get(channel, 0)

    def publish(self, audience: list[str], event: dict[str, Any]) -> None:
        """Number the event on each channel and hand it to whoever listens there."""
        for channel in audience:
            self.sequences[channel] += 1
            members = self.listeners.get(channel)
            if members:
                text = encode({**event, "seq": self.sequences[channel]}).decode()
                for listener in tuple(members):
                    listener.send(text)

    def tell(self, channel: str, frame: dict[str, Any]) -> None:
        """Send something ephemeral: no number, no catching up."""
        members = self.listeners.get(channel)
        if members:
            text = encode(frame).decode()
            for listener in tuple(members):
                listener.send(text)

    def revoke(self, channel: str, close_code: int) -> None:
        """Close every socket of `channel`, also one that is just being opened."""
        self.revoked[channel] = self.clock()
        self.close_all(channel, close_code)

    def close_all(self, channel: str, close_code: int) -> None:
        """Close the sockets that `channel` has now, without a word against new ones."""
        for listener in tuple(self.listeners.get(channel, ())):
            listener.close(close_code)

    def was_revoked(self, channel: str, *, since: float) -> bool:
        """Whether a right that was looked up at `since` (the hub's clock) has ended meanwhile."""
        return self.revoked.get(channel, 0.0) >= since

    def touch(self, channel: str) -> None:
        """Somebody of `channel` was heard of just now."""
        self.seen[channel] = self.clock()

    def forget(self, channel: str) -> bool:
        """The last page of `channel` is gone: not present any more. Whether it was known."""
        return self.seen.pop(channel, None) is not None

    def is_present(self, channel: str) -> bool:
        """Presence is a TTL, not a flag: a silent minute is an absence."""
        at = self.seen.get(channel)
        return at is not None and self.clock() - at < PRESENCE_SECONDS

    def hold(self, key: str, value: Any) -> None:
        self.kept[key] = (self.clock() + HOLD_SECONDS, value)

    def held(self, key: str) -> Any:
        until, value = self.kept.get(key, (0.0, None))
        return value if until > self.clock() else None

    def sweep(self) -> None:
        """Drop what was held for long enough. Who fell silent is forgotten with their socket."""
        now = self.clock()
        for key, (until, _value) in list(self.kept.items()):
            if until <= now:
                self.kept.pop(key, None)
        for channel, at in list(self.revoked.items()):
            if now - at > PRESENCE_SECONDS:
                del self.revoked[channel]


class ThreadSafeSink:
    """The hub for callers on other threads: pages in the thread pool, the job worker."""

    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        self.hub, self.loop = hub, loop

    def publish(self, audience: list[str], event: dict[str, Any]) -> None:
        self.loop.call_soon_threadsafe(self.hub.publish, audience, event)

    def revoke(self, channel: str, close_code: int) -> None:
        self.loop.call_soon_threadsafe(self.hub.revoke, channel, close_code)

    def hold(self, key: str, value: Any) -> None:
        self.hub.hold(key, value)  # one dict write: atomic under the interpreter's lock

    def held(self, key: str) -> Any:
        return self.hub.held(key)

    def is_present(self, channel: str) -> bool:
        return self.hub.is_present(channel)

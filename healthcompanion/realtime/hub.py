"""The hub: who listens where, and delivery to them. One per process; fast, no database.

Everything here runs on the event loop. `ThreadSafeSink` is the door for other threads.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol

from healthcompanion.realtime.bus import Alone, Bus, Word
from healthcompanion.realtime.frames import encode

PRESENCE_SECONDS = 60.0
HOLD_SECONDS = 60.0
MOST_NUMBERED = 10_000


class Listener(Protocol):
    """A socket as the hub sees it, and when its page was made (of guests, who have one)."""

    page: int

    def send(self, text: str) -> None: ...
    def close(self, code: int) -> None: ...


class Hub:
    """Channels with their listeners, sequence numbers, presence and short-lived values.

    What is said here reaches this node's pages at once and then goes to the bus; `receive` is
    where the words of the other nodes come in.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, bus: Bus | None = None) -> None:
        self.bus: Bus = bus or Alone()
        self.missed = 0
        self.epoch = secrets.token_hex(8)
        self.clock = clock
        self.listeners: dict[str, set[Listener]] = defaultdict(set)
        self.sequences: dict[str, int] = {}
        self.forgotten = 0  # the highest number of a channel that was swept away
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
        return self.sequences.get(channel, self.forgotten) + self.missed

    def miss(self) -> None:
        """Something was lost on its way here: every page's next pong makes it catch up."""
        self.missed += 1

    def publish(self, audience: list[str], event: dict[str, Any]) -> None:
        """Number the event on each channel and hand it to whoever listens there."""
        self._publish(audience, event)
        self.bus.send(Word("publish", audience, event))

    def _publish(self, audience: list[str], event: dict[str, Any]) -> None:
        for channel in audience:
            self.sequences[channel] = self.sequences.get(channel, self.forgotten) + 1
            members = self.listeners.get(channel)
            if members:
                text = encode({**event, "seq": self.sequence(channel)}).decode()
                for listener in tuple(members):
                    listener.send(text)

    def tell(self, channel: str, frame: dict[str, Any]) -> None:
        """Send something ephemeral: no number, no catching up."""
        self._tell(channel, frame)
        self.bus.send(Word("tell", [channel], frame))

    def _tell(self, channel: str, frame: dict[str, Any]) -> None:
        members = self.listeners.get(channel)
        if members:
            text = encode(frame).decode()
            for listener in tuple(members):
                listener.send(text)

    def revoke(self, channel: str, close_code: int) -> None:
        """Close every socket of `channel`, also one that is just being opened."""
        self._revoke(channel, close_code)
        self.bus.send(Word("revoke", [channel], code=close_code))

    def _revoke(self, channel: str, close_code: int) -> None:
        self.revoked[channel] = self.clock()
        self._close_all(channel, close_code)

    def make_way(self, channel: str, page: int, close_code: int) -> bool:
        """Close the sockets of pages that were made before `page`; False where a newer one is here.

        The page counts and not the socket: an old page whose network is back must not take the
        place of the newer one. A newer page on another node answers with the same word.
        """
        if not self._make_way(channel, page, close_code):
            return False
        self.bus.send(Word("close", [channel], {"page": page}, close_code))
        return True

    def _make_way(self, channel: str, page: int, close_code: int) -> bool:
        here = tuple(self.listeners.get(channel, ()))
        for listener in here:
            if listener.page <= page:
                listener.close(close_code)
        return all(listener.page <= page for listener in here)

    def _close_all(self, channel: str, close_code: int) -> None:
        for listener in tuple(self.listeners.get(channel, ())):
            listener.close(close_code)

    def receive(self, word: Word) -> None:
        """Do for this node's pages what another node says."""
        match word.do:
            case "publish":
                self._publish(word.channels, word.frame)
            case "tell":
                for channel in word.channels:
                    self._tell(channel, word.frame)
            case "revoke":
                for channel in word.channels:
                    self._revoke(channel, word.code)
            case "close":
                for channel in word.channels:
                    self._hear_of_page(channel, word.frame["page"], word.code)

    def _hear_of_page(self, channel: str, page: int, close_code: int) -> None:
        if not self._make_way(channel, page, close_code):
            newest = max(listener.page for listener in self.listeners[channel])
            self.bus.send(Word("close", [channel], {"page": newest}, close_code))

    def was_revoked(self, channel: str, *, since: float) -> bool:
        """Whether a right that was looked up at `since` (the hub's clock) has ended meanwhile."""
        return self.revoked.get(channel, 0.0) >= since

    def touch(self, channel: str) -> None:
        """Somebody of `channel` was heard of just now."""
        self.seen[channel] = self.clock()
        self.bus.touch(channel)

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
        if len(self.sequences) > MOST_NUMBERED:
            self._forget_numbers()

    def _forget_numbers(self) -> None:
        """Drop the numbers of channels to which nobody listens.

        A page that comes back finds the highest of them all, never less than it has seen: either
        it has missed nothing, or it catches up.
        """
        for channel in self.sequences.keys() - self.listeners.keys():
            self.forgotten = max(self.forgotten, self.sequences.pop(channel))


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
        self.loop.call_soon_threadsafe(self.hub.bus.hold, key, value)

    def held(self, key: str) -> Any:
        value = self.hub.held(key)
        return self.hub.bus.held(key) if value is None else value

    def is_present(self, channel: str) -> bool:
        return self.hub.is_present(channel) or self.hub.bus.is_present(channel)

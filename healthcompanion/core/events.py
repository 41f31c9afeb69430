"""News for open pages. A leaf: the realtime room fills the sink when it starts.

The database is the truth and an event only wakes pages up, so publishing without a sink
(a command, a test) is not an error.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import transaction

Event = dict[str, Any]


class Sink(Protocol):
    """What the realtime room offers to everybody below it. Callable from any thread."""

    def publish(self, audience: list[str], event: Event) -> None: ...
    def revoke(self, channel: str, close_code: int) -> None: ...
    def hold(self, key: str, value: Any) -> None: ...
    def held(self, key: str) -> Any: ...
    def is_present(self, channel: str) -> bool: ...


_sink: Sink | None = None


def connect(sink: Sink | None) -> None:
    """Set where events go; None switches them off."""
    global _sink
    _sink = sink


def user_channel(user_id: int) -> str:
    return f"user:{user_id}"


def guest_channel(guest_id: int) -> str:
    return f"guest:{guest_id}"


def session_channel(session_key: str) -> str:
    return f"session:{session_key}"


def publish(audience: Iterable[str], event: Event) -> None:
    """After the commit, send `event` (`{"type": "noun.verb"}`) to `audience`'s open pages."""
    channels = list(audience)

    def send() -> None:
        if _sink is not None:
            _sink.publish(channels, event)

    transaction.on_commit(send)


def revoke(channel: str, *, close_code: int) -> None:
    """After the commit, close every socket of `channel` with `close_code` (docs/protocol.md)."""

    def send() -> None:
        if _sink is not None:
            _sink.revoke(channel, close_code)

    transaction.on_commit(send)


def hold(key: str, value: Any) -> None:
    """Keep `value` in memory for at most 60 s. Session descriptions live here and nowhere else."""
    if _sink is not None:
        _sink.hold(key, value)


def held(key: str) -> Any:
    """What `hold` kept, or None where it is gone."""
    return _sink.held(key) if _sink is not None else None


def is_present(channel: str) -> bool:
    """Whether an open page of `channel` has been heard of within the presence TTL."""
    return _sink is not None and _sink.is_present(channel)

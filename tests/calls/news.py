"""A sink for tests: it keeps what was published, and lets the test say who is present."""

from typing import Any


class News:
    """Stands at the edge where the realtime room would be."""

    def __init__(self) -> None:
        self.published: list[tuple[list[str], dict[str, Any]]] = []
        self.revoked: list[tuple[str, int]] = []
        self.present: set[str] = set()
        self.kept: dict[str, Any] = {}

    def publish(self, audience: list[str], event: dict[str, Any]) -> None:
        self.published.append((audience, event))

    def revoke(self, channel: str, close_code: int) -> None:
        self.revoked.append((channel, close_code))

    def hold(self, key: str, value: Any) -> None:
        self.kept[key] = value

    def held(self, key: str) -> Any:
        return self.kept.get(key)

    def is_present(self, channel: str) -> bool:
        return channel in self.present

    def to(self, channel: str) -> list[dict[str, Any]]:
        """The events that `channel` was sent, in order."""
        return [event for audience, event in self.published if channel in audience]

    def types_to(self, channel: str) -> list[str]:
        return [event["type"] for event in self.to(channel)]

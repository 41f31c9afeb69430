"""What joins the hubs of several nodes. `Alone` joins nothing; `redis_bus` goes through Redis.

Local first: the hub serves its own sockets by itself and then tells the bus.
"""

from collections.abc import Callable
from typing import Any, Literal, Protocol

from msgspec import Struct


class Word(Struct, omit_defaults=True):
    """What one node says to the others."""

    do: Literal["publish", "tell", "revoke", "close", "beat"]
    channels: list[str] = []
    frame: dict[str, Any] = {}
    code: int = 0


class Bus(Protocol):
    """The other nodes, as a hub sees them. No method waits, but for the last two."""

    def is_whole(self) -> bool:
        """Whether what the other nodes say and know is known here."""
        ...

    def send(self, word: Word) -> None: ...
    def touch(self, channel: str) -> None: ...
    def hold(self, key: str, value: Any) -> None: ...

    def leave(self, channel: str, then: Callable[[], None]) -> None:
        """`channel` is gone from this node; `then` is called unless it is on another one."""
        ...

    # from threads: these may ask the network, but never for long
    def held(self, key: str) -> Any: ...
    def is_present(self, channel: str) -> bool: ...


class Alone:
    """The bus of a process that is the only one."""

    def is_whole(self) -> bool:
        return True

    def send(self, word: Word) -> None:
        pass

    def touch(self, channel: str) -> None:
        pass

    def hold(self, key: str, value: Any) -> None:
        pass

    def leave(self, channel: str, then: Callable[[], None]) -> None:
        then()

    def held(self, key: str) -> Any:
        return None

    def is_present(self, channel: str) -> bool:
        return False

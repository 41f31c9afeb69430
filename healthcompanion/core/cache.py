"""Counts and marks that all nodes share: tries at sign-in, codes that were used."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

MAX_ENTRIES = 100_000


class OwnCache(LocMemCache):
    """This process's memory, with room for a crowd: a full cache forgets who tried too often."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, {**params, "OPTIONS": {"MAX_ENTRIES": MAX_ENTRIES}})


class SharedCache(RedisCache):
    """Redis; while it is away each node counts for itself, so that people can still sign in."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = OwnCache("while-redis-is-away", {})

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._or_own("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or_own("get", key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._or_own("set", key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._or_own("delete", key, version))

    def _or_own(self, verb: str, *arguments: Any) -> Any:
        shared: Callable[..., Any] = getattr(super(), verb)
        try:
            return shared(*arguments)
        except RedisError:
            return getattr(self.own, verb)(*arguments)

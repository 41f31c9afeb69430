"""The cache that all nodes share: who has tried to sign in too often."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class SharedCache(RedisCache):
    """Redis, and while it is away this process's own memory: pages go on, limits stay."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("shared-cache", params)

    def add(self, *args: Any, **options: Any) -> bool:
        return bool(self._either(super().add, self._own.add, *args, **options))

    def get(self, *args: Any, **options: Any) -> Any:
        return self._either(super().get, self._own.get, *args, **options)

    def set(self, *args: Any, **options: Any) -> None:
        self._either(super().set, self._own.set, *args, **options)

    def delete(self, *args: Any, **options: Any) -> bool:
        return bool(self._either(super().delete, self._own.delete, *args, **options))

    @staticmethod
    def _either(
        shared: Callable[..., Any], own: Callable[..., Any], *args: Any, **options: Any
    ) -> Any:
        try:
            return shared(*args, **options)
        except RedisError:
            return own(*args, **options)

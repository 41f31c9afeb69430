"""Limits that all nodes share, and what is left of them while Redis is away."""

import pytest

from healthcompanion.core.cache import SharedCache
from tests.infrastructure.redis_server import running_redis


@pytest.mark.parametrize("is_up", [True, False])
def test_values_are_kept_with_and_without_redis(is_up: bool) -> None:
    with running_redis() as redis:
        cache = SharedCache(redis.url, {})
        if not is_up:
            redis.stop()

        added = [cache.add("tries", [1], timeout=60), cache.add("tries", [2], timeout=60)]
        cache.set("other", 5, 60)
        kept = [cache.get("tries", []), cache.get("other"), cache.get("nothing", "default")]
        deleted = cache.delete("tries")

    assert added == [True, False]
    assert kept == [[1], 5, "default"]
    assert deleted


def test_nodes_see_the_same_values() -> None:
    with running_redis() as redis:
        SharedCache(redis.url, {}).set("tries", [1, 2], 60)

        assert SharedCache(redis.url, {}).get("tries") == [1, 2]

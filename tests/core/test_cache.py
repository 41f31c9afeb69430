"""Counts that all nodes share, and what each does alone while Redis is away."""

from collections.abc import Iterator

import pytest

from healthcompanion.core.cache import SharedCache
from tests.infrastructure.postgres import free_port
from tests.infrastructure.redis_server import RedisServer, running_redis


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


def node(url: str) -> SharedCache:
    return SharedCache(url, {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}})


def test_what_one_node_marked_the_other_knows(redis_server: RedisServer) -> None:
    one, two = node(redis_server.url), node(redis_server.url)

    assert [one.add("code", True, 60), two.add("code", True, 60)] == [True, False]
    two.set("tries", [1, 2], 60)
    assert one.get("tries") == [1, 2]
    assert [one.delete("tries"), two.get("tries", "none")] == [True, "none"]


def test_node_counts_for_itself_while_redis_is_away() -> None:
    alone = node(f"redis://127.0.0.1:{free_port()}/0")

    assert [alone.add("code", True, 60), alone.add("code", True, 60)] == [True, False]
    alone.set("tries", [1], 60)
    assert alone.get("tries") == [1]
    assert [alone.delete("tries"), alone.get("tries", "none")] == [True, "none"]

"""A running service without a server, for tests that open sockets: on both buses."""

from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.applications import Starlette

from healthcompanion.realtime.hub import Hub
from tests.infrastructure.redis_server import RedisServer, running_redis
from tests.infrastructure.sockets import service


@pytest.fixture(scope="session")
def session_redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_server(session_redis: RedisServer) -> RedisServer:
    """An empty Redis."""
    session_redis.clear()
    return session_redis


@pytest.fixture(params=["alone", "redis"])
def redis_url(request: pytest.FixtureRequest) -> str:
    """What HC_REDIS_URL says: nothing, or a Redis. Tests that use it run on both."""
    if request.param == "alone":
        return ""
    server: RedisServer = request.getfixturevalue("redis_server")
    return server.url


@pytest.fixture
async def app(redis_url: str) -> AsyncIterator[Starlette]:
    async with service(redis_url) as application:
        yield application


@pytest.fixture
def hub(app: Starlette) -> Hub:
    """The hub of the running service."""
    found: Hub = app.state.hub
    return found

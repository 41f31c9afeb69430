"""A running service without a server, for tests that open sockets."""

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from healthcompanion.realtime.hub import Hub
from tests.infrastructure.sockets import service


@pytest.fixture
async def app() -> AsyncIterator[Starlette]:
    async with service() as application:
        yield application


@pytest.fixture
def hub(app: Starlette) -> Hub:
    """The hub of the running service."""
    found: Hub = app.state.hub
    return found

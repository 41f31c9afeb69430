"""The only way in which sockets touch the database: one helper, short, on a worker thread."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


async def in_database(
    function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Run `function` with fresh connections: a socket has no request whose end closes them."""

    def run() -> Result:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=True)()


async def in_background(function: Callable[[], Result]) -> Result:
    """The same on a thread of its own, for what may take long: sockets do not wait for it."""

    def run() -> Result:
        close_old_connections()
        try:
            return function()
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()

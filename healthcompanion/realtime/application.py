"""The router around everything: sockets, static files, and Django's pages in a thread pool."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from healthcompanion.core import events
from healthcompanion.realtime.bodies import WholeBodies
from healthcompanion.realtime.garbage import settle
from healthcompanion.realtime.hub import Hub, ThreadSafeSink
from healthcompanion.realtime.jobs import JobThread
from healthcompanion.realtime.redis_bus import RedisBus
from healthcompanion.realtime.single import SingleProcess
from healthcompanion.realtime.sockets import routes
from healthcompanion.realtime.speed import routes as speed_routes
from healthcompanion.realtime.upkeep import Upkeep

PAGE_THREADS = 10


HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+(\.map)?$")


class HashedFiles(StaticFiles):
    """Collected files that carry their hash in their name may be kept for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200 and HASHED.search(path):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@contextlib.asynccontextmanager
async def running_hub(redis_url: str) -> AsyncIterator[Hub]:
    """A hub that everybody below can publish to; joined to other nodes where a Redis is given."""
    async with contextlib.AsyncExitStack() as stack:
        bus = RedisBus(redis_url) if redis_url else None
        hub = Hub(bus=bus)
        if bus is not None:
            await stack.enter_async_context(bus.joined(hub))
        events.connect(ThreadSafeSink(hub, asyncio.get_running_loop()))
        try:
            yield hub
        finally:
            events.connect(None)


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """The hub, its door for other threads, the tick and the job worker live as long as the app."""
    with SingleProcess():
        async with running_hub(settings.HC_REDIS_URL) as hub:
            app.state.hub = hub
            beside = [asyncio.create_task(work) for work in (Upkeep(hub).run(), settle())]
            jobs = JobThread()
            jobs.start()
            try:
                yield
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                await asyncio.to_thread(jobs.stop)


def build_application() -> Starlette:
    """The whole service as one ASGI application. Settings must be loaded."""
    # a2wsgi and Starlette each spell ASGI's types in their own way
    pages: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=PAGE_THREADS)
    return Starlette(
        lifespan=lifespan,
        routes=[
            *routes,
            *speed_routes,
            Mount("/static", HashedFiles(directory=settings.STATIC_ROOT, check_dir=False)),
            Mount("/", WholeBodies(pages)),
        ],
    )

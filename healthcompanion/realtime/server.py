"""The one place that says how uvicorn is run."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn

from healthcompanion.realtime import lan
from healthcompanion.realtime.certificates import Files
from healthcompanion.realtime.single import SingleProcess
from healthcompanion.realtime.wire import QuietProtocol

APPLICATION = "healthcompanion.asgi:application"


def serve(host: str, port: int) -> None:
    """Serve pages and sockets on one port until stopped. Raises AlreadyServed."""
    _ask_for_place()
    _run(uvicorn.Server(_config(APPLICATION, host=host, port=port)))


def serve_network(network: lan.Network, page_port: int, base_url: str, files: Files) -> None:
    """Serve the demo on this computer and, by https, to its network. Raises AlreadyServed, OSError.

    `page_port` is where phones find the plain page that helps them to trust `files`.
    """
    from healthcompanion.asgi import application  # noqa: PLC0415 -- builds the whole service

    _ask_for_place()
    with (
        lan.listening(network.addresses, network.port) as encrypted,
        lan.listening(network.addresses, page_port) as plain,
    ):
        tls: Any = {"ssl_certfile": files.certificate, "ssl_keyfile": files.key}
        named = lan.OneAddress(application, base_url)
        beside = {
            Beside(_config(named, lifespan="off", **tls)): encrypted,
            Beside(_config(lan.PhonePage(application), lifespan="off")): plain,
        }
        main = _config(application, host="127.0.0.1", port=network.port)
        _run(Together(main, beside))


def _ask_for_place() -> None:
    with SingleProcess():
        pass  # the application takes it too; asked here first, the answer is a sentence


def _config(app: Any, **more: Any) -> uvicorn.Config:
    """No access log: addresses carry guests' tokens. No per-message compression: it costs 250 KiB
    a socket and our frames are small.
    """
    return uvicorn.Config(
        app,
        ws=QuietProtocol,
        ws_max_size=64 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
        **more,
    )


def _run(server: uvicorn.Server) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(3)


class Beside(uvicorn.Server):
    """Listens beside another server, which hears the signals for both."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Together(uvicorn.Server):
    """A server with others that open after it, when the application is ready, and close before."""

    def __init__(self, config: uvicorn.Config, beside: dict[Beside, list[socket.socket]]) -> None:
        super().__init__(config)
        self.beside = beside
        self.running: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for server, own in self.beside.items():
            self.running.append(asyncio.create_task(server.serve(sockets=own)))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.beside:
            server.should_exit = True
        await asyncio.gather(*self.running, return_exceptions=True)
        await super().shutdown(sockets)

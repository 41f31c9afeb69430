"""The one place that says how uvicorn is run."""

import uvicorn

from healthcompanion.realtime.single import SingleProcess
from healthcompanion.realtime.wire import QuietProtocol


def serve(host: str, port: int) -> None:
    """Serve pages and sockets on one port until stopped. Raises AlreadyServed.

    No access log: addresses carry guests' tokens. No per-message compression: it costs 250 KiB
    a socket and our frames are small.
    """
    with SingleProcess():
        pass  # the application takes it too; asked here first, the answer is a sentence
    uvicorn.run(
        "healthcompanion.asgi:application",
        host=host,
        port=port,
        ws=QuietProtocol,
        ws_max_size=64 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
    )

"""A real SMS gateway on loopback that speaks HTTP, and what arrived at it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


class Gateway:
    """Answers with `status`; with `hangs_up` it takes the SMS and says nothing."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.status = 200
        self.hangs_up = False
        self.port = 0

    @property
    def url(self) -> str:
        """HC_SMS_URL for this gateway, in Apprise's words."""
        return f"json://127.0.0.1:{self.port}/sms?:to={{to}}"

    @property
    def form_url(self) -> str:
        return f"form://127.0.0.1:{self.port}/sms?:to={{to}}"

    def wait_for(self, count: int, *, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while len(self.texts) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.texts)} of {count} SMS in {seconds} s")
            time.sleep(0.05)


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            kind = self.headers["Content-Type"]
            values = json.loads(body) if "json" in kind else dict(parse_qsl(body))
            if gateway.hangs_up or gateway.status == 200:
                gateway.texts.append((values["to"], values["message"]))
            if gateway.hangs_up:
                self.connection.close()
                return
            self.send_response(gateway.status)
            self.end_headers()
            self.wfile.write(f"no way to {values['to']}".encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

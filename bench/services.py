"""The two sides of a comparison: our real service, and Channels with Redis."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.client import Place
from bench.machine import CLIENT_CORE, SERVER_CORE, on_core
from tests.infrastructure.postgres import free_port
from tests.infrastructure.redis_server import running_redis
from tests.infrastructure.server import ROOT, Server, running_server

TALKING = 16  # pairs that are in a call


@dataclass
class Service:
    """Something that speaks docs/protocol.md on a port, and who may connect to it."""

    port: int
    process: subprocess.Popen[bytes]
    pairs: list[tuple[Place, Place]]
    idle: list[Place]
    server: Server | None = None

    @property
    def pid(self) -> int:
        now = self.process if self.server is None else self.server.process
        assert now is not None
        return now.pid


@contextlib.contextmanager
def ours(sockets: int, *, talking: int = TALKING, **variables: str) -> Iterator[Service]:
    """The real service with its own database, and people for `sockets` pages beside the calls."""
    with (
        on_core(SERVER_CORE),
        running_server(
            HC_EMAIL_URL="smtp://127.0.0.1:9", HC_LOG_LEVEL="WARNING", **variables
        ) as server,
        on_core(CLIENT_CORE),
    ):
        pairs = talking + (sockets + 1) // 2
        code = f"from bench.seed import people; people({pairs}, {talking})"
        found = json.loads(server.run(code))
        places = [_places(person) for person in found]
        idle = [place for pair in places[talking:] for place in pair]
        assert server.process is not None
        port = int(server.url.rsplit(":", 1)[1])
        yield Service(port, server.process, places[:talking], idle, server)


def _places(person: dict[str, str]) -> tuple[Place, Place]:
    call = person.get("call", "")
    if not call:
        return (
            Place("/ws/", person["session"]),
            Place(f"/ws/g/{person['guest']}/", person["ticket"]),
        )
    join = json.dumps({"type": "call.join", "call": call}).encode()
    return (
        Place("/ws/", person["session"], join, relay(call, person["patient"])),
        Place(f"/ws/g/{person['guest']}/", person["ticket"], join, relay(call, person["host"])),
    )


def relay(call: str, to: str) -> bytes:
    """A candidate for the peer, 310 bytes long as those of browsers are."""
    frame: dict[str, Any] = {"type": "signal.relay", "call": call, "to": to}
    frame["candidate"] = {
        "candidate": "candidate:842163049 1 udp 1677729535 203.0.113.7 50123 typ srflx raddr ",
        "sdpMid": "0",
        "sdpMLineIndex": 0,
        "usernameFragment": "Q8rT",
    }
    missing = 310 - len(json.dumps(frame))
    frame["candidate"]["candidate"] += "0" * missing
    return json.dumps(frame).encode()


@contextlib.contextmanager
def reference(sockets: int, *, compression: bool = False) -> Iterator[Service]:
    """Channels with its Redis pub/sub layer in uvicorn; Redis on the client's core, uncounted."""
    port = free_port()
    with running_redis() as redis:
        command = [
            *(sys.executable, "-m", "bench.ref_channels.serve", str(port), redis.url),
            "deflate" if compression else "plain",
        ]
        with on_core(SERVER_CORE):
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)
        try:
            wait_for(process, port)
            pairs = [_reference_pair(n) for n in range(TALKING)]
            idle = [Place(f"/ws/?me=idle{n}") for n in range(sockets)]
            yield Service(port, process, pairs, idle)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait(10)


def _reference_pair(n: int) -> tuple[Place, Place]:
    host, patient = f"host{n:08}", f"pati{n:08}"
    call = f"call{n:08}"
    join = json.dumps({"type": "call.join", "call": call}).encode()
    return (
        Place(f"/ws/?me={host}", "", join, relay(call, patient)),
        Place(f"/ws/?me={patient}", "", join, relay(call, host)),
    )


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the reference did not start; is the bench group of uv installed?")

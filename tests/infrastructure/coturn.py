"""A real relay for the browser tests: Debian's coturn on the media network of the run."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.infrastructure.postgres import free_port


@dataclass(frozen=True)
class Relay:
    """A running coturn."""

    host: str
    port: int
    secret: str

    def url(self, transport: str) -> str:
        return f"turn:{self.host}:{self.port}?transport={transport}"


@contextlib.contextmanager
def relay() -> Iterator[Relay]:
    """coturn with our way of signing in, allowed to reach the test's own addresses alone."""
    program = shutil.which("turnserver") or "/usr/bin/turnserver"
    host = "10.77.0.1" if os.environ.get("HC_OWN_NETWORK") else "127.0.0.1"
    made = Relay(host, free_port(), secrets.token_urlsafe(24))
    folder = Path(tempfile.mkdtemp(prefix="hc-coturn-"))
    configuration = folder / "turnserver.conf"
    configuration.write_text(
        f"listening-ip={host}\nrelay-ip={host}\nlistening-port={made.port}\n"
        f"min-port=50000\nmax-port=50099\nrealm=relay.test\nfingerprint\n"
        f"use-auth-secret\nstatic-auth-secret={made.secret}\n"
        f"allowed-peer-ip={host}\nallow-loopback-peers\n"
        f"no-cli\nno-tls\nno-dtls\nno-tcp-relay\nno-multicast-peers\n"
        f"userdb={folder}/turndb\npidfile={folder}/pid\nlog-file=stdout\nsimple-log\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-c", str(configuration)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        wait_until_open(made, folder / "log")
        yield made
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_open(made: Relay, log: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((made.host, made.port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"coturn did not start:\n{log.read_text()}")

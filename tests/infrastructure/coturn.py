"""A real relay: Debian's coturn, for browser tests on the media network of the run."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.infrastructure.network import Computer
from tests.infrastructure.postgres import free_port
from tests.infrastructure.server import ROOT

# By TCP, then a STUN binding request by UDP: the two begin to listen one after the other.
KNOCK = """
import os, socket
socket.create_connection({at}, 1).close()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.settimeout(1)
udp.connect({at})
udp.send(bytes.fromhex("000100002112a442") + os.urandom(12))
udp.recv(512)
"""
DELIVERED = ROOT / "deploy/coturn/turnserver.conf"


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
    host = "10.77.0.1" if os.environ.get("HC_OWN_NETWORK") else "127.0.0.1"
    made = Relay(host, port_for_both(host), secrets.token_urlsafe(24))
    with _running(
        made,
        f"relay-ip={host}\nlistening-port={made.port}\n"
        f"min-port=50000\nmax-port=50099\nrealm=relay.test\nfingerprint\n"
        f"use-auth-secret\nstatic-auth-secret={made.secret}\n"
        f"allowed-peer-ip={host}\nallow-loopback-peers\n"
        f"no-cli\nno-tls\nno-dtls\nno-tcp-relay\nno-multicast-peers\n",
    ):
        yield made


@contextlib.contextmanager
def delivered_relay() -> Iterator[Relay]:
    """coturn as we deliver it: only port and secret are filled in, as an operator does."""
    made = Relay("127.0.0.1", port_for_both("127.0.0.1"), secrets.token_urlsafe(24))
    text = DELIVERED.read_text()
    for delivered, own in (
        ("listening-port=3478", f"listening-port={made.port}"),
        ("REPLACE_WITH_HC_TURN_SECRET", made.secret),
    ):
        assert text.count(delivered) == 1
        text = text.replace(delivered, own)
    own = "relay-ip=127.0.0.1\n" + ("relay-ip=::1\n" if speaks_ipv6() else "")
    with _running(made, f"{text}\nno-tls\nno-dtls\n{own}"):
        yield made


@contextlib.contextmanager
def relay_at(computer: Computer) -> Iterator[Relay]:
    """coturn at a computer of our small internet."""
    host = computer.cables[0].address
    made = Relay(host, 3478, secrets.token_urlsafe(24))
    with _running(
        made,
        f"relay-ip={host}\nlistening-port={made.port}\n"
        f"min-port=50000\nmax-port=50099\nrealm=relay.test\nfingerprint\n"
        f"use-auth-secret\nstatic-auth-secret={made.secret}\n"
        f"no-cli\nno-tls\nno-dtls\nno-tcp-relay\nno-multicast-peers\n",
        entering=computer.entering,
    ):
        yield made


def port_for_both(host: str) -> int:
    """A port that is free for TCP and UDP: calls beside us use those of UDP."""
    while True:
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
        return port


def speaks_ipv6() -> bool:
    """Whether this machine has ::1; some containers do not."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _running(made: Relay, text: str, entering: Sequence[str] = ()) -> Iterator[None]:
    program = shutil.which("turnserver") or "/usr/bin/turnserver"
    folder = Path(tempfile.mkdtemp(prefix="hc-coturn-"))
    configuration = folder / "turnserver.conf"
    configuration.write_text(
        f"{text}listening-ip={made.host}\n"
        f"userdb={folder}/turndb\npidfile={folder}/pid\nlog-file=stdout\nsimple-log\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*entering, program, "-c", str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until_open(made, folder / "log", entering)
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_open(made: Relay, log: Path, entering: Sequence[str] = ()) -> None:
    knock = KNOCK.format(at=(made.host, made.port))
    until = time.monotonic() + 10
    while time.monotonic() < until:
        command = [*entering, sys.executable, "-c", knock]
        if subprocess.run(command, capture_output=True, timeout=5).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"coturn did not start:\n{log.read_text()}")

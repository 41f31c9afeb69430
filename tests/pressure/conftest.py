"""The real service in a process of its own, as it would be attacked: over the network."""

import os
import time
from collections.abc import Iterator

import pytest

from tests.infrastructure.server import Server, running_server


@pytest.fixture
def server() -> Iterator[Server]:
    """A fresh service, so that its memory is measured from a clean start."""
    if os.environ.get("HC_DATABASE_URL"):
        pytest.skip("the sockets, the limits and the hasher are the same on every database")
    with running_server(HC_EMAIL_URL="smtp://127.0.0.1:9") as started:
        yield started


def memory(server: Server) -> float:
    """What the service's process holds in memory now, in MiB."""
    assert server.process is not None
    with open(f"/proc/{server.process.pid}/status") as status:
        lines = dict(line.split(":", 1) for line in status)
    return int(lines["VmRSS"].split()[0]) / 1024


def settled_memory(server: Server) -> float:
    time.sleep(0.5)
    return memory(server)

"""A PostgreSQL cluster of the test run's own: made for the run, thrown away after it."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Nothing here survives a crash, so nothing needs to reach the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "timezone": "UTC",
}


def binaries() -> Path:
    """Folder of initdb and pg_ctl; Debian keeps them out of the search path."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3])
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise RuntimeError("PostgreSQL is missing: sudo apt-get install postgresql")


def as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root, so that root lends it the user of the Debian package."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def run(*command: str | Path) -> None:
    done = subprocess.run(
        [*as_postgres(), *map(str, command)],
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        cwd="/",
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Yield the database URL of a running cluster. It listens on a socket file only."""
    folder = Path(tempfile.mkdtemp(prefix="hc-postgres-"))
    data, log, tools = folder / "data", folder / "log", binaries()
    if os.geteuid() == 0:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    try:
        run(tools / "initdb", "-D", data, "-U", "hc", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {name}='{value}'" for name, value in FAST.items())
        port = free_port()
        try:
            run(
                *(tools / "pg_ctl", "start", "-w", "-t", "30", "-D", data, "-l", log),
                *("-o", f"{options} -p {port} -k {folder}"),
            )
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{log.read_text() if log.exists() else ''}") from error
        yield f"postgres://hc@{str(folder).replace('/', '%2F')}:{port}/postgres"
    finally:
        with contextlib.suppress(RuntimeError):
            run(tools / "pg_ctl", "stop", "-m", "immediate", "-w", "-D", data)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

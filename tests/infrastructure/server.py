"""The real service in a process of its own, as an operator would start it."""

import atexit
import contextlib
import functools
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.infrastructure.beside import Beside
from tests.infrastructure.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATOR = ("NAME", "STREET", "CITY", "EMAIL", "PHONE")
TROUBLE = re.compile(r"Traceback|\b(?:ERROR|CRITICAL)\b")


@dataclass
class Server:
    """A running service: its address, its data folder and what it said."""

    url: str
    folder: Path
    environment: dict[str, str]
    arguments: tuple[str, ...] = ("serve",)
    process: subprocess.Popen[bytes] | None = None
    beside: Beside | None = None
    read: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` with the service's environment; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def run(self, code: str) -> str:
        """Run Python beside the service, with its database; what it printed."""
        if self.beside is None:
            self.beside = Beside(ROOT, self.environment)
        return self.beside.run(code).strip()

    def start(self) -> None:
        port = self.url.rsplit(":", 1)[1]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *self.arguments, "--port", port],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 30
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"The service did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as response:  # noqa: S310 -- loopback
                return bool(response.status == 200)
        except OSError:
            return False

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None

    def trouble(self) -> str:
        """What the log says since the last time, where any of it is an error."""
        text = self.log.read_text()
        fresh, self.read = text[self.read :], len(text)
        return fresh if TROUBLE.search(fresh) else ""


def inherited_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("HC_")}


@functools.cache
def prepared() -> Path:
    """Where this process keeps an empty database and the static files, once it has made them."""
    folder = Path(tempfile.mkdtemp(prefix="hc-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def prepare(server: Server) -> None:
    """An up-to-date database and static files; those of the first service serve all later ones."""
    fresh = Path(server.environment["HC_DATA_DIR"])
    kept = prepared()
    on_sqlite = "HC_DATABASE_URL" not in server.environment
    if on_sqlite and any(kept.iterdir()):
        shutil.copytree(kept, fresh, dirs_exist_ok=True)
        return
    server.manage("migrate", "--verbosity", "0")
    server.manage("collectstatic", "--no-input", "--verbosity", "0")
    if on_sqlite:
        shutil.copytree(fresh, kept, dirs_exist_ok=True)


@contextlib.contextmanager
def running_server(**variables: str) -> Iterator[Server]:
    """A service on a free port with an empty database. `variables` are HC_* of the environment."""
    folder = Path(tempfile.mkdtemp(prefix="hc-server-"))
    url = f"http://localhost:{free_port()}"
    inherited = inherited_environment()
    own = {
        "HC_DATA_DIR": str(folder),
        "HC_BASE_URL": url,
        "HC_DEMO": "0",
        "HC_SECRET_KEY": secrets.token_urlsafe(48),
        "HC_LINK_KEY": secrets.token_urlsafe(48),
        "HC_MASTER_KEY": secrets.token_urlsafe(48),
        "HC_EMAIL_FROM": "Praxis <praxis@example.org>",
        **{f"HC_OPERATOR_{part}": "Klinik am See" for part in OPERATOR},
        "HC_REQUIRE_SECOND_FACTOR": "0",  # most tests are about something else
        "HC_REQUIRE_VERIFIED_PROFESSIONALS": "0",
        "PYTHONUNBUFFERED": "1",
    }
    if "HC_DATABASE_URL" in os.environ:  # the smoke path on PostgreSQL
        own["HC_DATABASE_URL"] = os.environ["HC_DATABASE_URL"]
    server = Server(url, folder, inherited | own | variables)
    try:
        prepare(server)
        server.start()
        yield server
    finally:
        if server.beside:
            server.beside.stop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running_network_demo() -> Iterator[Server]:
    """`make run HOST=0.0.0.0`: the demo on this computer, and by https in its networks."""
    folder = Path(tempfile.mkdtemp(prefix="hc-network-"))
    own = {"HC_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    server = Server(
        f"http://localhost:{free_port()}",
        folder,
        inherited_environment() | own,
        arguments=("demo", "--host", "0.0.0.0"),  # noqa: S104 -- as phones need it
    )
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

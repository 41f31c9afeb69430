"""Firefox with devices that always work; driven through tests/infrastructure/firefox.mjs."""

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.infrastructure.media import STATS, Received

SCRIPT = Path(__file__).with_suffix(".mjs")
WAIT = 60


class Firefox:
    """One page in Firefox. Every step is bounded; what fails there raises RuntimeError here."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, verb: str, **rest: str) -> Any:
        """Carry out a verb of firefox.mjs; its value."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"verb": verb, **rest}) + "\n")
        self._process.stdin.flush()
        try:
            answer = json.loads(self._lines.get(timeout=WAIT))
        except queue.Empty:
            raise RuntimeError(f"Firefox did not answer to {verb} {rest}") from None
        if "error" in answer:
            raise RuntimeError(f"{verb} {rest}: {answer['error']}")
        return answer["value"]

    def received(self) -> Received:
        """What the page has decoded so far."""
        return Received(**self.ask("evaluate", source=f"({STATS})()"))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Debian's Firefox with a fresh profile."""
    path = os.environ.get("HC_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not path:
        raise RuntimeError("Firefox is missing: sudo apt-get install firefox-esr")
    with (
        tempfile.TemporaryDirectory(prefix="hc-firefox-") as home,
        subprocess.Popen(
            ["node", str(SCRIPT), path, home],  # noqa: S607 -- the machine's own
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        try:
            yield Firefox(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()

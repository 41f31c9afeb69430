"""A process beside the service that runs Python with its settings and database, again and again.

Starting Django takes longer than most of what tests ask of it.
"""

import contextlib
import json
import select
import subprocess
import sys
from pathlib import Path

# Each line of its input is code, as JSON; each line of its output says what that printed, and
# how it failed.
LOOP = """
import contextlib, io, json, sys, traceback
from django.core.management import call_command
from django.db import connections
answers = sys.stdout
for line in sys.stdin:
    printed, failure = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            call_command("shell", verbosity=0, command=json.loads(line))
    except Exception:
        failure = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), failure]), file=answers, flush=True)
"""


class Beside:
    """Runs code at `manage.py shell`, always the same one."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", LOOP],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, seconds: float = 60) -> str:
        """What it printed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        answer = self.process.stdout.readline() if ready else ""
        if not answer:
            raise RuntimeError(f"No answer from beside the service to:\n{code}")
        printed, failure = json.loads(answer)
        if failure:
            raise RuntimeError(f"{printed}{failure}")
        return str(printed)

    def stop(self) -> None:
        for end in (self.process.stdin, self.process.stdout):
            if end is not None:
                with contextlib.suppress(BrokenPipeError):
                    end.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)

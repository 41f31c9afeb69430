"""P20: several processes that read, insert and update in one SQLite file, for six seconds."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.machine import CORES, on_core
from bench.table import Row
from tests.infrastructure.server import ROOT

SECONDS, PROCESSES = 6.0, 2


@dataclass
class Mix:
    """What all processes together have done."""

    done: int
    failed: int
    slowest: float
    per_second: float

    @property
    def failure_share(self) -> float:
        return 100 * self.failed / max(1, self.done + self.failed)


def run(kind: str, seconds: float) -> Mix:
    """`kind` is ours or default: our settings, or Django's for SQLite."""
    folder = tempfile.mkdtemp(prefix="hc-writes-")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HC_")}
    environment |= {"HC_DATA_DIR": folder, "HC_DEMO": "1"}
    command = [sys.executable, "-m", "bench.writer", kind, str(seconds)]
    workers = []
    try:
        subprocess.run([*command[:-1], "0"], cwd=ROOT, env=environment, check=True, timeout=60)
        with on_core(*CORES):
            for _ in range(PROCESSES):
                worker = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=subprocess.PIPE
                )
                workers.append(worker)
        found = [json.loads(worker.communicate(timeout=seconds + 60)[0]) for worker in workers]
        with contextlib.closing(sqlite3.connect(f"{folder}/healthcompanion.sqlite3")) as database:
            done = database.execute("SELECT COUNT(*) FROM mix").fetchone()[0]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait(10)
        shutil.rmtree(Path(folder), ignore_errors=True)
    if (claimed := sum(each["done"] for each in found)) != done:
        raise RuntimeError(f"{claimed} transactions were confirmed, {done} are there")
    return Mix(
        done,
        sum(each["failed"] for each in found),
        max(each["slowest"] for each in found),
        done / seconds,
    )


def measure(wanted: set[str]) -> list[Row]:
    default, mine = run("default", SECONDS), run("ours", SECONDS)
    return [
        Row.at_most(
            "P20",
            "SQLite write mix: failed transactions",
            mine.failure_share,
            default.failure_share,
            "%",
            limit=0,
        ),
        Row.at_least(
            "P20",
            "SQLite write mix: transactions per second",
            mine.per_second,
            default.per_second,
            "/s",
            share=3.5,
        ),
        Row.at_most(
            "P20",
            "SQLite write mix: the slowest transaction",
            mine.slowest * 1000,
            default.slowest * 1000,
            "ms",
            limit=500,
        ),
    ]

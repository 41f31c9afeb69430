"""The job worker: a thread of the serving process, or a process of its own (`manage.py worker`)."""

import contextlib
import logging
import secrets
import socket
import threading

from django.db import Error, connections

from healthcompanion.core.jobs import BEAT_SECONDS, JobWorker, beat, farewell

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0


class JobThread:
    """Works on jobs until stopped, and gives signs of life meanwhile."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.stopped = threading.Event()
        self.worker = JobWorker(_new_id())
        self.work = threading.Thread(target=self._work, name="jobs", daemon=True)
        self.beats = threading.Thread(target=self._beat, name="job-beats", daemon=True)

    def start(self) -> None:
        self.beats.start()
        self.work.start()

    def stop(self, seconds: float = 5) -> None:
        """Let the job at hand finish within `seconds`; after that it is an orphan."""
        self.stopping.set()
        self.worker.running = False
        self.work.join(timeout=seconds)
        self.stopped.set()
        self.beats.join(timeout=1)

    def _work(self) -> None:
        while not self.stopping.is_set():
            try:
                self.worker.run()
            except Error:
                logger.exception("jobs: the database is not available")
                # Under a new name: a job left in mid-air would look well kept under the old one.
                self.worker = JobWorker(_new_id())
                self.stopping.wait(PAUSE_SECONDS)
        connections.close_all()

    def _beat(self) -> None:
        while not self.stopped.is_set():
            name = self.worker.worker_id
            with contextlib.suppress(Error):  # the worker itself says so in the log
                beat(name)
            connections.close_all()
            self.stopped.wait(BEAT_SECONDS)
        if not self.work.is_alive():
            with contextlib.suppress(Error):
                farewell(name)
        connections.close_all()


def _new_id() -> str:
    return f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"

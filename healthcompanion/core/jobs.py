"""Jobs that outlive their worker: signs of life, orphans, back-off, and those given up.

django-tasks-db keeps jobs in the database and runs each once. What it leaves open stands here: a
job whose worker died is taken up again, one that failed is tried again later and later, and what
fails for good stays visible to the operator. So a job runs at least once; what must not happen
twice is held by the rows that it works on (docs/decisions/0015-jobs-at-least-once.md).
"""

import logging
import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from healthcompanion.core.models import WorkerBeat

Job = DBTaskResult[Any, Any]
logger = logging.getLogger(__name__)
# Seconds until the next try; after the last one a job stays where the operator sees it.
BACK_OFF = (10, 60, 300, 1800, 7200)
MAX_TRIES = len(BACK_OFF) + 1
BEAT_SECONDS = 10.0
DEAD_AFTER = timedelta(seconds=60)
ORPHANED = "healthcompanion.core.jobs.Orphaned"
FRAMES = re.compile(r'^  File "(?:.*/)?([^/"]+/[^/"]+)", line (\d+), in (\w+)', re.MULTILINE)


class JobWorker(Worker):
    """Runs jobs; what fails is tried again, and keeps nothing that an exception said."""

    def __init__(self, worker_id: str, *, interval: float = 1.0) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
        )

    def run_task(self, db_task_result: Job) -> None:
        """One try. Messages of exceptions may name people, so only places in the code stay."""
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            frames = FRAMES.findall(db_task_result.traceback)
            places = "\n".join(f"{file}:{line} {name}" for file, line, name in frames)
            _try_again(db_task_result, db_task_result.exception_class_path, places)


def beat(worker_id: str) -> None:
    """A sign of life: the jobs of `worker_id` are in good hands."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": timezone.now()})


def farewell(worker_id: str) -> None:
    """The worker has stopped; a job that it did not finish may be taken up."""
    WorkerBeat.objects.filter(worker_id=worker_id).delete()


def rescue_orphans() -> int:
    """Put back jobs whose worker gives no sign of life any more; how many there were."""
    silent_since = timezone.now() - DEAD_AFTER
    WorkerBeat.objects.filter(seen_at__lt=silent_since - timedelta(days=1)).delete()
    alive = set(
        WorkerBeat.objects.filter(seen_at__gte=silent_since).values_list("worker_id", flat=True)
    )
    started = DBTaskResult.objects.running().filter(started_at__lt=silent_since)
    orphans = [job for job in started if job.worker_ids[-1] not in alive]
    return sum(_try_again(job, ORPHANED, "") for job in orphans)


def failed_jobs() -> QuerySet[Job]:
    """Jobs that were given up, newest first."""
    return DBTaskResult.objects.failed().order_by("-finished_at")


def retry_job(job: Job) -> bool:
    """Let a job that was given up start afresh; whether it still was given up."""
    return bool(
        failed_jobs()
        .filter(pk=job.pk)
        .update(
            status=TaskResultStatus.READY,
            worker_ids=[],
            run_after=timezone.now(),
            finished_at=None,
            exception_class_path="",
            traceback="",
        )
    )


def _try_again(job: Job, error: str, places: str) -> bool:
    """Put a job back with its next pause, or bury it; whether it was as it was found."""
    tries = len(job.worker_ids)
    now = timezone.now()
    again = tries < MAX_TRIES
    changed = DBTaskResult.objects.filter(
        pk=job.pk, status=job.status, started_at=job.started_at
    ).update(
        status=TaskResultStatus.READY if again else TaskResultStatus.FAILED,
        run_after=_later(now, tries) if again else job.run_after,
        finished_at=None if again else now,
        exception_class_path=error,
        traceback=places,
    )
    if changed:
        logger.log(
            logging.WARNING if again else logging.ERROR,
            "job %s (%s): try %d of %d failed with %s %s",
            job.pk,
            job.task_path,
            tries,
            MAX_TRIES,
            error,
            places.replace("\n", " < "),
        )
    return bool(changed)


def _later(now: datetime, tries: int) -> datetime:
    return now + timedelta(seconds=BACK_OFF[tries - 1])

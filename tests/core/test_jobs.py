"""Jobs outlive their worker, wait longer and longer, and end where the operator sees them."""

import io
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core import jobs
from healthcompanion.core.jobs import Job, JobWorker, beat, farewell, rescue_orphans
from healthcompanion.core.models import WorkerBeat
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.tasks import deliver

pytestmark = pytest.mark.django_db(transaction=True)  # a worker closes its connections
DONE: list[str] = []


@task()
def stumble(name: str) -> None:
    raise ValueError(f"Invalid address {name}@example.net")


@task()
def note(name: str) -> None:
    DONE.append(name)


def work(worker: str = "anna") -> Job:
    """One try of the only job, as if the time for it had come."""
    DBTaskResult.objects.update(run_after=timezone.now())
    runner = JobWorker(worker, interval=0)
    runner.batch = True
    runner.run()
    return DBTaskResult.objects.get()


def left_by(worker: str, *, minutes: float = 2, tries: int = 1) -> Job:
    """A job that `worker` began some minutes ago and did not finish."""
    DONE.clear()
    note.enqueue("here")
    DBTaskResult.objects.update(
        status="RUNNING",
        started_at=timezone.now() - timedelta(minutes=minutes),
        worker_ids=[worker] * tries,
    )
    return DBTaskResult.objects.get()


def test_job_of_a_dead_worker_is_taken_up_by_another() -> None:
    left_by("dead")
    beat("anna")

    assert (rescue_orphans(), rescue_orphans()) == (1, 0)

    job = work()
    assert (job.status, job.worker_ids, DONE) == ("SUCCESSFUL", ["dead", "anna"], ["here"])


def test_job_of_a_living_worker_is_left_alone_however_long_it_takes() -> None:
    left_by("slow", minutes=600)
    beat("slow")

    assert rescue_orphans() == 0
    assert DBTaskResult.objects.get().status == "RUNNING"


def test_worker_that_stops_beating_is_dead() -> None:
    left_by("slow")
    beat("slow")
    WorkerBeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))

    assert rescue_orphans() == 1


def test_worker_that_said_farewell_left_nothing_in_good_hands() -> None:
    left_by("gone")
    beat("gone")
    farewell("gone")

    assert rescue_orphans() == 1


def test_job_begun_just_now_waits_for_the_first_beat() -> None:
    left_by("new", minutes=0.5)

    assert rescue_orphans() == 0


def test_job_that_kills_every_worker_is_given_up() -> None:
    left_by("dead", tries=6)

    assert rescue_orphans() == 1

    job = DBTaskResult.objects.get()
    assert (job.status, job.exception_class_path) == ("FAILED", jobs.ORPHANED)


def test_failing_job_is_tried_with_growing_pauses_and_then_given_up() -> None:
    stumble.enqueue("paul")
    pauses = []
    for _ in range(5):
        job = work()
        assert job.status == "READY"
        pauses.append(round((job.run_after - timezone.now()).total_seconds()))

    job = work()

    assert pauses == [10, 60, 300, 1800, 7200]
    assert (job.status, len(job.worker_ids)) == ("FAILED", 6)
    assert job.exception_class_path == "builtins.ValueError"


def test_what_the_exception_said_is_neither_kept_nor_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stumble.enqueue("paul")

    with caplog.at_level(logging.DEBUG, logger="healthcompanion"):
        job = work()

    assert "example.net" not in job.traceback + caplog.text
    assert job.traceback.splitlines()[-1].startswith("core/test_jobs.py:")
    assert "try 1 of 6 failed with builtins.ValueError" in caplog.text


def given_up(**values: Any) -> Job:
    stumble.enqueue("paul")
    DBTaskResult.objects.update(run_after=timezone.now(), worker_ids=["dead"] * 5)
    work()
    DBTaskResult.objects.update(**values or {"backend_name": "default"})
    return DBTaskResult.objects.get()


def command(*arguments: str) -> str:
    said = io.StringIO()
    call_command("jobs", *arguments, stdout=said)
    return said.getvalue()


def test_operator_sees_what_was_given_up(client: Client) -> None:
    assert command() == "waiting: 0, running: 0, failed: 0\n"
    job = given_up()

    text = command()

    assert text.splitlines()[0] == "waiting: 0, running: 0, failed: 1"
    assert str(job.pk) in text
    assert "tests.core.test_jobs.stumble  6 tries  builtins.ValueError" in text
    assert "paul" not in text
    assert client.get("/readyz").content == b"ok\nfailed jobs: 1\n"


@pytest.mark.parametrize("everything", [True, False])
def test_operator_starts_it_afresh(everything: bool) -> None:
    job = given_up()

    said = command("--retry", "all" if everything else str(job.pk))

    job.refresh_from_db()
    assert (said, job.status, job.worker_ids) == ("1 of 1 started afresh\n", "READY", [])
    assert work().worker_ids == ["anna"]


def test_message_that_was_given_up_is_sent_by_its_job() -> None:
    message = Message.objects.create(
        kind="test.nothing",
        reference="1",
        due_at=timezone.now(),
        state=Message.State.FAILED,
        reason=Message.Reason.INTERNAL,
        attempts=6,
    )
    deliver.enqueue(message.pk)
    DBTaskResult.objects.update(status="FAILED", worker_ids=["dead"] * 6)

    command("--retry", "all")

    message.refresh_from_db()
    assert (message.state, message.reason, message.attempts) == ("queued", "", 0)


@pytest.mark.parametrize("name", ["5", "0b9ddc2a-6e1e-4b0c-9f6e-2f1a3c5d7e90"])
def test_retry_of_what_is_not_there_is_an_error(name: str) -> None:
    job = given_up()

    with pytest.raises(CommandError):
        command("--retry", name)

    job.refresh_from_db()
    assert job.status == "FAILED"


def test_old_results_go_and_given_up_jobs_stay_longer() -> None:
    for status, days in (("SUCCESSFUL", 6), ("SUCCESSFUL", 8), ("FAILED", 29), ("FAILED", 31)):
        job = note.enqueue("here")
        DBTaskResult.objects.filter(pk=job.id).update(
            status=status, finished_at=timezone.now() - timedelta(days=days)
        )

    gone = apply_retention()

    assert (gone["jobs"], gone["failed jobs"]) == (1, 1)
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == [
        "FAILED",
        "SUCCESSFUL",
    ]

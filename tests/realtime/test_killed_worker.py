"""A worker that is killed in the middle of its work: kill -9, a real process, a real mail server.

What it had not handed over goes out once; what it had handed over does not go out again.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from healthcompanion.appointments.models import Appointment
from healthcompanion.core.jobs import Job, JobWorker, rescue_orphans
from healthcompanion.core.models import WorkerBeat
from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.tasks import deliver
from healthcompanion.realtime import jobs
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.upkeep import Upkeep
from tests.infrastructure.mail import Mailbox, mail_server
from tests.infrastructure.server import ROOT
from tests.infrastructure.sms import sms_gateway

pytestmark = pytest.mark.django_db(transaction=True)
TO = "paul@example.net"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def message(appointment: Appointment) -> Message:
    return actions.queue_message(
        "appointment.invitation",
        str(appointment.pk),
        organisation=appointment.organisation,
        sender=appointment.professional,
    )


def database_url() -> str:
    """The database of this test, as a process beside it finds it."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return os.environ["HC_DATABASE_URL"].rsplit("/", 1)[0] + f"/{values['NAME']}"


@contextmanager
def worker(
    mailbox: Mailbox, *, log: int | BinaryIO | None = None, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "HC_DATABASE_URL": database_url(),
        "HC_EMAIL_URL": mailbox.url,
        **variables,
    }
    with subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def eventually(holds: Callable[[], Any], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "this did not come about"
        time.sleep(0.05)


def a_minute_passes() -> None:
    """As the tick finds the rows once the leases are over."""
    past = timezone.now() - timedelta(seconds=61)
    DBTaskResult.objects.filter(status="RUNNING").update(started_at=past)
    WorkerBeat.objects.update(seen_at=past)
    Message.objects.filter(state="sending").update(due_at=past)


def killed_while(mailbox: Mailbox, holds: Callable[[], Any]) -> Job:
    with worker(mailbox) as process:
        eventually(holds)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    job = DBTaskResult.objects.get()
    assert job.status == "RUNNING"
    assert (rescue_orphans(), actions.rescue_stuck_messages()) == (0, 0)  # not at once
    a_minute_passes()
    assert rescue_orphans() == 1
    DBTaskResult.objects.update(run_after=timezone.now())
    return job


def test_mail_not_handed_over_is_taken_up_and_sent_once(
    message: Message, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    greeted = []

    async def silent(server: Any, session: Any, envelope: Any, name: str, lines: Any) -> Any:
        greeted.append(name)
        await asyncio.sleep(60)

    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "handle_EHLO", silent, raising=False)
        job = killed_while(mailbox, lambda: greeted)
    assert actions.rescue_stuck_messages() == 1

    with worker(mailbox):
        mailbox.wait_for(TO)
        eventually(lambda: not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists())

    message.refresh_from_db()
    job.refresh_from_db()
    assert (message.state, message.attempts, len(mailbox.letters)) == ("sent", 2, 1)
    assert len(job.worker_ids) == 2
    assert actions.rescue_stuck_messages() == 0


def test_mail_that_the_server_has_is_not_sent_again(
    message: Message, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = mailbox.handle_DATA

    async def take_and_think(server: Any, session: Any, envelope: Any) -> str:
        await take(server, session, envelope)
        await asyncio.sleep(60)
        return "250 OK"

    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "handle_DATA", take_and_think)
        job = killed_while(mailbox, lambda: mailbox.letters)
    assert actions.rescue_stuck_messages() == 1

    with worker(mailbox):
        eventually(lambda: not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists())

    message.refresh_from_db()
    job.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "uncertain")
    assert (len(mailbox.letters), len(job.worker_ids)) == (1, 2)


def test_worker_that_is_asked_to_stop_finishes_its_job(
    message: Message, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = mailbox.handle_DATA

    async def take_slowly(server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(1)
        return await take(server, session, envelope)

    monkeypatch.setattr(mailbox, "handle_DATA", take_slowly)
    with worker(mailbox) as process:
        eventually(lambda: Message.objects.filter(handed_over_at__isnull=False).exists())
        process.terminate()
        assert process.wait(15) == 0

    message.refresh_from_db()
    assert (message.state, len(mailbox.letters)) == ("sent", 1)
    assert not WorkerBeat.objects.exists()


def test_worker_says_nothing_about_the_sms_that_it_sends(
    appointment: Appointment, mailbox: Mailbox, tmp_path: Path
) -> None:
    appointment.patient.phone = "+491713920012"
    appointment.patient.save()

    def invite() -> Message:
        return actions.queue_message(
            "appointment.invitation",
            str(appointment.pk),
            channel=Message.Channel.SMS,
            organisation=appointment.organisation,
            sender=appointment.professional,
        )

    log = tmp_path / "worker.log"
    with (
        sms_gateway() as gateway,
        log.open("wb") as file,
        worker(mailbox, log=file, HC_SMS_URL=gateway.url, HC_LOG_LEVEL="DEBUG"),
    ):
        invite()
        gateway.wait_for(1)
        gateway.status = 400
        invite()
        eventually(lambda: Message.objects.filter(state="failed").exists())
        gateway.hangs_up = True
        invite()
        gateway.wait_for(2)
        eventually(lambda: Message.objects.filter(state="failed").count() == 2)

    states = Message.objects.order_by("pk").values_list("state", "reason")
    assert list(states) == [("sent", ""), ("failed", "sms_refused"), ("failed", "uncertain")]
    said = log.read_text()
    assert [word for word in ("3920012", "/g/", "Paul", "Berger") if word in said] == []


async def test_tick_takes_up_what_a_dead_worker_left(hub: Hub) -> None:
    def orphan() -> None:
        deliver.enqueue(0)
        past = timezone.now() - timedelta(minutes=2)
        DBTaskResult.objects.update(status="RUNNING", started_at=past, worker_ids=["dead"])

    await in_database(orphan)

    await Upkeep(hub).tick()

    assert (await in_database(DBTaskResult.objects.get)).status == "READY"


def test_worker_goes_on_under_a_new_name_after_trouble_with_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = []

    def run(worker: JobWorker) -> None:
        names.append(worker.worker_id)
        if len(names) == 1:
            raise OperationalError("gone")
        while worker.running:
            time.sleep(0.01)

    monkeypatch.setattr(JobWorker, "run", run)
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.05)
    thread = jobs.JobThread()
    thread.start()
    eventually(lambda: len(names) == 2)
    eventually(lambda: WorkerBeat.objects.filter(worker_id=names[1]).exists())
    thread.stop()

    assert names[0] != names[1]
    assert not WorkerBeat.objects.filter(worker_id=names[1]).exists()

"""`manage.py jobs`: what was given up, for the operator; ids and places in the code, no people."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from healthcompanion.core.jobs import Job, failed_jobs, retry_job
from healthcompanion.notifications.actions import start_afresh
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.tasks import deliver


class Command(BaseCommand):
    help = "Lists background jobs that were given up, and starts them afresh with --retry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", nargs="+", metavar="ID", help='ids from the list, or "all"')

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry"]:
            self._retry(options["retry"])
        else:
            self._list()

    def _list(self) -> None:
        jobs = DBTaskResult.objects
        self.stdout.write(
            f"waiting: {jobs.filter(status='READY').count()}, "
            f"running: {jobs.running().count()}, failed: {failed_jobs().count()}"
        )
        for job in failed_jobs()[:100]:
            self.stdout.write(
                f"{job.pk}  {job.finished_at:%Y-%m-%d %H:%M} UTC  {job.task_path}  "
                f"{len(job.worker_ids)} tries  {job.exception_class_path}"
            )
            for place in job.traceback.splitlines()[-1:]:
                self.stdout.write(f"    {place}")
        undelivered = Message.objects.filter(state=Message.State.FAILED).order_by()
        for row in undelivered.values("channel", "reason").annotate(number=Count("id")):
            self.stdout.write(
                f"messages not delivered: {row['number']} ({row['channel']}, {row['reason']})"
            )

    @transaction.atomic
    def _start(self, job: Job) -> bool:
        """The job again, and with it the message that it gave up."""
        if not retry_job(job):
            return False
        if job.task_path == deliver.module_path:
            start_afresh(*job.args_kwargs["args"])
        return True

    def _retry(self, ids: list[str]) -> None:
        found = failed_jobs()
        if ids != ["all"]:
            try:
                found = found.filter(pk__in=ids)
            except ValidationError as error:
                raise CommandError("An id looks like the first word of a line.") from error
        count = sum(map(self._start, found))
        self.stdout.write(f"{count} of {len(found)} started afresh")
        if ids != ["all"] and count < len(set(ids)):
            raise CommandError("Some of these ids are not among the failed jobs.")

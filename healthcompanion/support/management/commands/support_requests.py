"""`manage.py support_requests`: what people have asked; `--close NUMBER` once it is answered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.support.actions import close_request
from healthcompanion.support.queries import open_requests


class Command(BaseCommand):
    help = "Lists the open requests, the oldest first; what they say stands in the mails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--close", metavar="NUMBER", help="it was answered")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = (options["close"] or "").upper()
        rows = list(open_requests())
        if not wanted:
            for row in rows:
                self.stdout.write(f"{row.number}  {row.created_at:%Y-%m-%d}  {row.subject}")
            return
        for row in rows:
            if row.number == wanted:
                close_request(row, actor=None)
                return
        raise CommandError(f"There is no open request {wanted}.")

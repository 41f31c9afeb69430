"""`manage.py serve`: pages, sockets and jobs in one process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.realtime.server import serve
from healthcompanion.realtime.single import AlreadyServed


class Command(BaseCommand):
    help = "Serves pages, websockets and background jobs on one port."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(options["host"], options["port"])
        except AlreadyServed as error:
            raise CommandError(error) from error

"""`manage.py demo`: everything between a fresh checkout and a demo that one can sign in to."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.dashboard import demo
from healthcompanion.realtime.server import serve
from healthcompanion.realtime.single import AlreadyServed


class Command(BaseCommand):
    help = "Migrates, collects static files, seeds the demo's cast and serves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HC_DEMO:
            raise CommandError("HC_DEMO is off: the demo's cast has no place in this installation.")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        doctor = demo.seed()
        self.stdout.write(
            "\n".join(
                (
                    "",
                    f"  HealthCompanion   {settings.HC_BASE_URL}",
                    f"  Sign in           {doctor.email}",
                    f"  Password          {demo.PASSWORD}",
                    f"  A patient's link  {demo.patient_link(doctor)}",
                    f"  Mails             {settings.HC_BASE_URL}/outbox/"
                    if settings.HC_OUTBOX
                    else "",
                    "",
                    "  Open the patient's link in a second browser or a private window.",
                    "",
                )
            )
        )
        self.stdout.flush()
        try:
            serve(options["host"], options["port"])
        except AlreadyServed as error:
            raise CommandError(error) from error

"""`manage.py count_figures`: the figures of the days whose calls are still there, counted anew."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.raw import count_anew

DAYS = 89  # retention has deleted nothing of these


class Command(BaseCommand):
    help = "Counts the figures of all organisations anew, for as far back as the rows reach."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help=f"at most {DAYS}")

    def handle(self, *args: Any, **options: Any) -> None:
        days = min(options["days"], DAYS)
        for organisation in Organisation.objects.order_by("pk"):
            last = timezone.localdate(timezone=organisation.zone)
            rows = count_anew(organisation, last - timedelta(days=days), last)
            self.stdout.write(f"{organisation.code}: {rows}")

"""`manage.py verify_professional EMAIL`: somebody vouches for this person (DEC-11)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import verify


class Command(BaseCommand):
    help = "Lets the person with this e-mail address invite and call patients, without a document."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        verify(user, actor=None)

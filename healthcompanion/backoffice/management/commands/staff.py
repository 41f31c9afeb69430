"""`manage.py staff`: who may open the back office; --appoint EMAIL FIRST LAST, --dismiss EMAIL."""

import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.accounts.models import User
from healthcompanion.backoffice.staff import AddressTaken, appoint, dismiss


class Command(BaseCommand):
    help = "Lists the operator's staff, or changes who belongs to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--appoint", nargs=3, metavar=("EMAIL", "FIRST", "LAST"))
        parser.add_argument("--dismiss", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["appoint"]:
            self._appoint(*options["appoint"])
        elif options["dismiss"]:
            if not dismiss(options["dismiss"]):
                raise CommandError("Nobody of the staff has this address.")
            self.stdout.write("The account is closed. Pages that are open close within a minute.")
        else:
            for user in User.objects.filter(is_staff=True).order_by("email"):
                self.stdout.write(f"{user.email}  {user.full_name}")

    def _appoint(self, email: str, first_name: str, last_name: str) -> None:
        try:
            appoint(email, first_name=first_name, last_name=last_name, password=_password())
        except AddressTaken as taken:
            raise CommandError(
                "There is an account with this address. Staff need one of their own, "
                "apart from any that treats patients."
            ) from taken
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write("Appointed. The first sign-in asks for a second factor.")


def _password() -> str:
    """Typed twice without being shown; the first line of a pipe where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass("Password: ")
    if first != getpass("The same again: "):
        raise CommandError("The two passwords differ.")
    return first

"""`manage.py change_name EMAIL FIRST LAST`: a change of name that was requested (DEC-10)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.accounts.actions import change_name
from healthcompanion.accounts.models import User


class Command(BaseCommand):
    help = "Changes the name of the account with this e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument("--title", help="instead of the present one")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        names = {name: options[name].strip() for name in ("first_name", "last_name")}
        if user is None:
            raise CommandError("There is no account with this address.")
        if not all(names.values()):
            raise CommandError("Both names are needed.")
        title = user.title if options["title"] is None else options["title"].strip()
        try:
            change_name(user, title=title, **names)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error

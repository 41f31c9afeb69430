"""`manage.py reset_second_factor <e-mail>`: for somebody who lost device and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from healthcompanion.accounts.models import User
from healthcompanion.accounts.recovery import reset_second_factor


class Command(BaseCommand):
    help = "Removes a person's second factors and signs them out everywhere. Check who asks first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        count, ties = reset_second_factor(user, actor=None)
        self.stdout.write(f"Removed: {count}. The person can sign in with the password alone now.")
        if ties:
            self.stdout.write("The tie to the other sign-in service is cut as well.")
        self.stdout.write("Pages that are open still close within a minute.")

"""`manage.py reset_second_factor <e-mail>`: for somebody who lost device and recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from healthcompanion.accounts import sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core import audit


class Command(BaseCommand):
    help = "Removes a person's second factors and signs them out everywhere. Check who asks first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        count, _rows = Authenticator.objects.filter(user=user).delete()
        ties, _rows = SocialAccount.objects.filter(user=user).delete()
        sign_ins.end_other_sign_ins(user, keep=None)
        audit.record(
            "second_factor.reset", user, actor=None, organisation_id=None, count=count + ties
        )
        self.stdout.write(f"Removed: {count}. The person can sign in with the password alone now.")
        if ties:
            self.stdout.write("The tie to the other sign-in service is cut as well.")
        self.stdout.write("Pages that are open still close within a minute.")

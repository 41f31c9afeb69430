"""The operator helps somebody back in who lost the phone, the passkey or the recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from healthcompanion.accounts import sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core import audit


@transaction.atomic
def reset_second_factor(user: User, *, actor: User | None) -> tuple[int, int]:
    """Remove all second factors and ties to other sign-in services, and end every session.

    `actor` is None for the operator at the command line. Returns how many factors and ties there
    were; the password alone opens the account afterwards.
    """
    count, _rows = Authenticator.objects.filter(user=user).delete()
    ties, _rows = SocialAccount.objects.filter(user=user).delete()
    sign_ins.end_other_sign_ins(user, keep=None)
    audit.record("second_factor.reset", user, actor=actor, organisation_id=None, count=count + ties)
    return count, ties

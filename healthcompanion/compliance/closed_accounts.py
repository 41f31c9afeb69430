"""What remains of a member who was removed: the name, as long as the logs may tell of them."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from healthcompanion.accounts.models import AddressChange, Preferences, User, Verification
from healthcompanion.support.models import ChangeRequest

PAUSE = timedelta(days=1)  # mails that are on their way still go out
DOMAIN = "@removed.invalid"  # RFC 2606: nobody ever gets a mail there
BELONGINGS = (
    EmailAddress,
    Authenticator,
    SocialAccount,
    Preferences,
    AddressChange,
    ChangeRequest,
    Verification,
)
CONTACT = ("street", "postal_code", "city", "phone")
NAME = ("title", "first_name", "last_name")


def empty_closed_accounts(name_days: int) -> int:
    """Delete what closed accounts no longer need, after `name_days` the name too; how many.

    The e-mail address is free again afterwards: its owner may register anew.
    """
    now = timezone.now()
    closed = User.objects.filter(is_active=False, membership__removed_at__lt=now - PAUSE)
    full = closed.exclude(email__endswith=DOMAIN)
    late = Q(membership__removed_at__lt=now - timedelta(days=name_days)) & ~Q(last_name="")
    named = closed.filter(late)
    with transaction.atomic():
        return sum(map(_empty, full.select_for_update(of=("self",)))) + sum(
            map(_forget_name, named.select_for_update(of=("self",)))
        )


def _empty(user: User) -> int:
    for model in BELONGINGS:
        model.objects.filter(user=user).delete()
    if user.picture is not None:
        user.picture.delete()
    user.email, user.picture = f"{user.code.lower()}{DOMAIN}", None
    user.set_unusable_password()
    for name in CONTACT:
        setattr(user, name, "")
    user.save(update_fields=["email", "picture", "password", *CONTACT])
    return 1


def _forget_name(user: User) -> int:
    for name in NAME:
        setattr(user, name, "")
    user.save(update_fields=[*NAME])
    return 1

"""Who works for the operator. Appointed at the command line, never in a browser (DEC-36)."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from healthcompanion.accounts import sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core import audit


class AddressTaken(Exception):
    """There is an account with this address: staff have one of their own, without patients."""


@transaction.atomic
def appoint(email: str, *, first_name: str, last_name: str, password: str) -> User:
    """An account for the back office. It sets up its second factor at the first sign-in.

    Raises AddressTaken, and ValidationError for weak passwords, odd names and addresses.
    """
    email = email.strip().lower()
    if (
        User.objects.filter(email=email).exists()
        or EmailAddress.objects.filter(email=email).exists()
    ):
        raise AddressTaken
    user = User(
        email=email, first_name=first_name.strip(), last_name=last_name.strip(), is_staff=True
    )
    user.clean_fields(exclude={"password", "picture"})
    validate_password(password, user)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    audit.record("staff.appointed", user, actor=None, organisation_id=None)
    return user


@transaction.atomic
def dismiss(email: str) -> bool:
    """The account is closed, with every session; False where there is no such member of staff."""
    rows = User.objects.select_for_update(no_key=True).filter(
        email=email.strip().lower(), is_staff=True
    )
    user = rows.first()
    if user is None:
        return False
    user.is_active = user.is_staff = False
    user.save(update_fields=["is_active", "is_staff"])
    sign_ins.end_other_sign_ins(user, keep=None)
    audit.record("staff.dismissed", user, actor=None, organisation_id=None)
    return True

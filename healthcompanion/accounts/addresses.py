"""A new e-mail address, which is also the name to sign in with (DEC-10).

It counts once somebody who is signed in as the person opens the link that went to it: so neither an
administrator nor the operator can take an account over by giving it an address of their own.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from healthcompanion.accounts.models import AddressChange, User
from healthcompanion.accounts.signals import address_asked, address_changed
from healthcompanion.core import audit

DAYS = 7
_signer = Signer(salt="accounts.address", sep=".")


class ChangeGone(Exception):
    """It was confirmed, withdrawn, replaced or has expired; or the address is no longer free."""


@transaction.atomic
def ask_for_address(user: User, email: str, *, actor: User | None) -> AddressChange | None:
    """Write to the new address; it takes the place of an earlier one that waits.

    `actor` is None for the command line; the answer is None where it is the present address.
    Whether another account has it is told to nobody: then its owner gets another letter.
    """
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    email = email.strip().lower()
    open_changes().filter(user=row).update(withdrawn_at=timezone.now())
    if email == row.email:
        return None
    change = AddressChange.objects.create(
        user=row,
        email=email,
        former=row.email,
        asked_by=actor,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    audit.record("address.asked", row, actor=actor, organisation_id=None)
    address_asked.send(AddressChange, change=change)
    return change


@transaction.atomic
def withdraw_address(user: User, *, actor: User) -> bool:
    """The address stays as it is; False where nothing waited."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not open_changes().filter(user=user).update(withdrawn_at=timezone.now()):
        return False
    audit.record("address.withdrawn", user, actor=actor, organisation_id=None)
    return True


def confirm_address(change: AddressChange) -> None:
    """From now on the new address is the account's only one. Raises ChangeGone.

    The former address opens nothing any more, also not by another sign-in service; it gets a
    notice. Sessions go on: the password is the same.
    """
    try:
        _confirm(change)
    except IntegrityError as taken:  # in this very moment
        raise ChangeGone from taken


@transaction.atomic
def _confirm(change: AddressChange) -> None:
    user = User.objects.select_for_update(no_key=True).get(pk=change.user_id)
    row = open_changes().filter(pk=change.pk).first()
    if row is None or is_taken(row.email, by_others_than=user):
        raise ChangeGone
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=row.email, verified=True, primary=True)
    row.former, row.confirmed_at = user.email, timezone.now()
    row.save(update_fields=["former", "confirmed_at"])
    user.email = row.email
    user.save(update_fields=["email"])
    audit.record("address.changed", user, actor=user, organisation_id=None)
    address_changed.send(AddressChange, change=row)


def open_changes() -> QuerySet[AddressChange]:
    """Those that still wait for their owners."""
    return AddressChange.objects.filter(
        confirmed_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )


def waiting_address(user: User) -> AddressChange | None:
    """The new address that waits for its confirmation."""
    return open_changes().filter(user=user).first()


def is_taken(email: str, *, by_others_than: User) -> bool:
    """Whether another account has the address, confirmed or not."""
    users = User.objects.filter(email=email).exclude(pk=by_others_than.pk)
    addresses = EmailAddress.objects.filter(Q(email=email) & ~Q(user=by_others_than))
    return users.exists() or addresses.exists()


def token_of(change: AddressChange) -> str:
    """What the link ends in."""
    return _signer.sign(change.code)


def change_behind(token: str, user: User) -> AddressChange | None:
    """The waiting change of `user` behind a link; None for every other token and person."""
    try:
        code = _signer.unsign(token)
    except BadSignature:
        return None
    return open_changes().filter(code=code, user=user).first()

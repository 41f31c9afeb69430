"""The operator shuts an organisation or a person out, and lets them in again."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts import sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core import audit, events
from healthcompanion.core.close_codes import SIGN_IN_AGAIN
from healthcompanion.organisations.busy import is_in_call
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.organisations.removal import StillInCall


class Reason(models.TextChoices):
    """Why, in one word: the audit trail holds no sentences about people."""

    REQUESTED = "requested", _("At their own request")
    SECURITY = "security", _("The account may be in the wrong hands")
    MISUSE = "misuse", _("Misuse of the service")
    PAYMENT = "payment", _("Invoices were not paid")


@transaction.atomic
def suspend(organisation: Organisation, *, actor: User, reason: str) -> bool:
    """Nobody of the organisation works from now on; False where it was so already.

    Sessions end within two seconds, those of a running consultation when it is over. Nothing is
    deleted.
    """
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if row.suspended_at is not None:
        return False
    row.suspended_at = timezone.now()
    row.save(update_fields=["suspended_at"])
    audit.record("organisation.suspended", row, actor=actor, organisation_id=row.pk, reason=reason)
    signed_in = User.objects.filter(membership__organisation=row, sign_ins__isnull=False)
    for user in signed_in.distinct():
        if not is_in_call(user):
            _sign_out(user)
    return True


@transaction.atomic
def resume(organisation: Organisation, *, actor: User) -> bool:
    """Everybody with a licence may work again; False where nothing was suspended."""
    rows = Organisation.objects.filter(pk=organisation.pk).exclude(suspended_at=None)
    if not rows.update(suspended_at=None):
        return False
    audit.record("organisation.resumed", organisation, actor=actor, organisation_id=organisation.pk)
    for user_id in organisation.memberships.values_list("user", flat=True):
        events.publish([events.user_channel(user_id)], {"type": "membership.changed"})
    return True


def end_with_call(user: User) -> None:
    """The call is over: whose organisation was suspended meanwhile is signed out now."""
    if Membership.objects.filter(user=user, organisation__suspended_at__isnull=False).exists():
        _sign_out(user)


@transaction.atomic
def block(user: User, *, actor: User, reason: str) -> bool:
    """The person can no longer sign in; False where it was so already. Raises StillInCall."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not row.is_active:
        return False
    if is_in_call(row):
        raise StillInCall
    row.is_active = False
    row.save(update_fields=["is_active"])
    _sign_out(row)
    audit.record("person.blocked", row, actor=actor, organisation_id=None, reason=reason)
    return True


@transaction.atomic
def unblock(user: User, *, actor: User) -> bool:
    """The person can sign in again; False where they could, or where the account is closed."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    closed = Membership.objects.filter(user=row, removed_at__isnull=False).exists()
    if row.is_active or closed:
        return False
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.record("person.unblocked", row, actor=actor, organisation_id=None)
    return True


def _sign_out(user: User) -> None:
    """Everywhere, also where a socket's session is not on the list."""
    sign_ins.end_other_sign_ins(user, keep=None)
    events.revoke(events.user_channel(user.pk), close_code=SIGN_IN_AGAIN)

"""Giving and taking licences (DEC-5, DEC-9). Of two who switch at once, one changes something."""

from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts import sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core import audit, events
from healthcompanion.core.close_codes import SIGN_IN_AGAIN
from healthcompanion.organisations.busy import is_in_call
from healthcompanion.organisations.members import keep_an_administrator
from healthcompanion.organisations.models import LicencePeriod, Membership


@transaction.atomic
def activate(membership: Membership, *, actor: User) -> bool:
    """Give the member a licence, or keep the one that was to end; False where they had it."""
    row = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if (row.is_licensed and not row.is_ending) or row.removed_at is not None:
        return False
    if not row.is_licensed:
        LicencePeriod.objects.create(membership=row, began_at=timezone.now())
    row.is_licensed, row.is_ending, row.deactivated_at = True, False, None
    row.save(update_fields=["is_licensed", "is_ending", "deactivated_at"])
    _record("licence.activated", row, actor)
    events.publish([events.user_channel(row.user_id)], {"type": "membership.changed"})
    return True


@transaction.atomic
def deactivate(membership: Membership, *, actor: User) -> bool:
    """Take the licence: at once, or with the end of a running call. False where it was gone.

    All sessions end within two seconds; what the member planned stays as it is. Raises
    LastAdministrator.
    """
    keep_an_administrator(membership)
    row = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if not row.is_licensed or row.is_ending:
        return False
    if is_in_call(row.user):
        row.is_ending = True
        row.save(update_fields=["is_ending"])
    else:
        end_licence(row)
    _record("licence.deactivated", row, actor)
    return True


@transaction.atomic
def end_with_call(user: User) -> None:
    """The call is over: a licence that was to end with it ends now.

    Tested behind the lock: who takes the licence in this moment has either written it down already
    or sees that the call is over.
    """
    row = Membership.objects.select_for_update(no_key=True).filter(user=user).first()
    if row is not None and row.is_ending:
        end_licence(row)


def end_overdue() -> int:
    """End licences whose call ended without them, for example in a crash; how many there were."""
    rows = Membership.objects.filter(is_ending=True).select_related("user")
    late = [row.user for row in rows if not is_in_call(row.user)]
    for user in late:
        end_with_call(user)
    return len(late)


def end_licence(row: Membership) -> None:
    """It ends now, with every session, also where there was none. `row` is held by the caller."""
    now = timezone.now()
    row.is_licensed, row.is_ending, row.deactivated_at = False, False, now
    row.save(update_fields=["is_licensed", "is_ending", "deactivated_at"])
    LicencePeriod.objects.filter(membership=row, ended_at=None).update(ended_at=now)
    sign_ins.end_other_sign_ins(row.user, keep=None)
    # Also a socket whose session is not on the list.
    events.revoke(events.user_channel(row.user_id), close_code=SIGN_IN_AGAIN)


def _record(action: str, row: Membership, actor: User) -> None:
    audit.record(action, row, actor=actor, organisation_id=row.organisation_id)

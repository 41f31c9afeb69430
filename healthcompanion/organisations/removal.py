"""A member leaves the organisation. Their account, which belonged to it, closes with that."""

from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core import audit
from healthcompanion.organisations.busy import is_in_call
from healthcompanion.organisations.licences import end_licence
from healthcompanion.organisations.members import keep_an_administrator
from healthcompanion.organisations.models import Membership


class StillInCall(Exception):
    """A running consultation is never cut (DEC-9)."""


@transaction.atomic
def remove_member(membership: Membership, *, actor: User) -> bool:
    """The member can no longer sign in; False where they were gone already.

    Raises LastAdministrator and StillInCall. What they planned has to be handed over before.
    """
    keep_an_administrator(membership)
    row = (
        Membership.objects.select_for_update(no_key=True)
        .select_related("user")
        .get(pk=membership.pk)
    )
    if row.removed_at is not None:
        return False
    if is_in_call(row.user):
        raise StillInCall
    end_licence(row)
    row.is_administrator, row.removed_at = False, timezone.now()
    row.save(update_fields=["is_administrator", "removed_at"])
    row.user.is_active = False
    row.user.save(update_fields=["is_active"])
    row.professionals_served.all().delete()
    row.assistants_assigned.all().delete()
    audit.record("member.removed", row, actor=actor, organisation_id=row.organisation_id)
    return True

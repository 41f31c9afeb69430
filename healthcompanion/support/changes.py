"""Asking the operator for another name or e-mail address, and the operator's answer (DEC-10)."""

from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.actions import change_name
from healthcompanion.accounts.addresses import ask_for_address
from healthcompanion.accounts.models import User
from healthcompanion.core import audit
from healthcompanion.notifications.actions import queue_message
from healthcompanion.support.models import ChangeRequest

ASKED, DECIDED = "support.change_asked", "support.change_decided"
State = ChangeRequest.State


@transaction.atomic
def ask_for_change(
    user: User, *, first_name: str, last_name: str, email: str, reason: str = ""
) -> ChangeRequest:
    """Keep the wish and tell the support of it; it takes the place of one that waits."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one at a time
    withdraw_change(user)
    row = ChangeRequest.objects.create(
        user=user, first_name=first_name, last_name=last_name, email=email.lower(), reason=reason
    )
    audit.record("change.asked", row, actor=user, organisation_id=None)
    queue_message(ASKED, str(row.pk), organisation=None, sender=None)
    return row


def withdraw_change(user: User) -> bool:
    """The person no longer wants it; False where nothing waited."""
    rows = ChangeRequest.objects.filter(user=user, state=State.OPEN)
    return bool(rows.update(state=State.WITHDRAWN, decided_at=timezone.now()))


@transaction.atomic
def approve_change(row: ChangeRequest, *, actor: User | None) -> bool:
    """The name changes at once, the e-mail address when its owner has confirmed it.

    False where it was decided or withdrawn already. `actor` is None for the command line.
    """
    if not _decide(row, State.APPROVED):
        return False
    user = User.objects.get(pk=row.user_id)
    if (row.first_name, row.last_name) != (user.first_name, user.last_name):
        change_name(
            user,
            title=user.title,
            first_name=row.first_name,
            last_name=row.last_name,
            actor=actor,
        )
    if row.email != user.email:
        ask_for_address(user, row.email, actor=actor)
    _tell("change.approved", row, actor)
    return True


@transaction.atomic
def refuse_change(row: ChangeRequest, *, actor: User | None, answer: str) -> bool:
    """Everything stays as it is; the person reads `answer`. False where it was decided already."""
    if not _decide(row, State.REFUSED, answer=answer):
        return False
    _tell("change.refused", row, actor)
    return True


def _decide(row: ChangeRequest, state: str, **values: str) -> bool:
    rows = ChangeRequest.objects.filter(pk=row.pk, state=State.OPEN)
    return bool(rows.update(state=state, decided_at=timezone.now(), **values))


def _tell(action: str, row: ChangeRequest, actor: User | None) -> None:
    audit.record(action, row, actor=actor, organisation_id=None)
    queue_message(DECIDED, str(row.pk), organisation=None, sender=None)

"""What administrators change about members. An organisation always keeps one administrator."""

from django.db import transaction

from healthcompanion.accounts.models import User
from healthcompanion.core import audit, events
from healthcompanion.organisations.models import Assignment, Membership, Organisation

PERSONAL = ("title", "first_name", "last_name")
CONTACT = ("street", "postal_code", "city", "country", "phone")


class LastAdministrator(Exception):
    """Without this person nobody could manage the organisation any more (DEC-6)."""


def keep_an_administrator(row: Membership) -> None:
    """Hold the organisation until the transaction ends; raises LastAdministrator where `row` is
    its only administrator who can work."""
    Organisation.objects.select_for_update(no_key=True).get(pk=row.organisation_id)
    row.refresh_from_db(fields=["is_administrator", "is_licensed", "is_ending"])
    if not row.is_administrator:
        return
    others = Membership.objects.filter(
        organisation=row.organisation_id,
        is_administrator=True,
        is_licensed=True,
        is_ending=False,
        user__is_active=True,
    )
    if not others.exclude(pk=row.pk).exists():
        raise LastAdministrator


@transaction.atomic
def set_administrator(membership: Membership, wanted: bool, *, actor: User) -> bool:
    """Let the member manage the organisation, or no longer; False where it was so already.

    Raises LastAdministrator.
    """
    if not wanted:
        keep_an_administrator(membership)
    changed = Membership.objects.filter(pk=membership.pk, is_administrator=not wanted).update(
        is_administrator=wanted
    )
    if not changed:
        return False
    _record("member.promoted" if wanted else "member.demoted", membership, actor)
    return True


@transaction.atomic
def set_role(membership: Membership, role: str, *, actor: User) -> bool:
    """Professional or assistant (DEC-7); False where it was so already.

    Who assists whom begins anew: an assistant has no assistants, a professional serves nobody.
    """
    changed = Membership.objects.filter(pk=membership.pk).exclude(role=role).update(role=role)
    if not changed:
        return False
    membership.professionals_served.all().delete()
    membership.assistants_assigned.all().delete()
    _record("member.role-changed", membership, actor, role=role)
    return True


@transaction.atomic
def change_person(membership: Membership, *, actor: User, **values: str) -> list[str]:
    """Name and contact data of a member (DEC-10); which of them are new."""
    user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    fields = [name for name in (*PERSONAL, *CONTACT) if values[name] != getattr(user, name)]
    for name in fields:
        setattr(user, name, values[name])
    if fields:
        user.save(update_fields=fields)
        _record("member.changed", membership, actor, fields=fields)
    return fields


@transaction.atomic
def assign(assistant: Membership, professionals: list[Membership], *, actor: User) -> bool:
    """For whom the assistant works from now on (DEC-7); False where nothing changed."""
    Membership.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    served = assistant.professionals_served
    before = set(served.values_list("professional", flat=True))
    wanted = {row.pk for row in professionals}
    if before == wanted:
        return False
    served.exclude(professional__in=wanted).delete()
    Assignment.objects.bulk_create(
        Assignment(assistant=assistant, professional_id=key) for key in sorted(wanted - before)
    )
    _record("assistant.assigned", assistant, actor, professionals=sorted(wanted))
    return True


def _record(action: str, row: Membership, actor: User, **data: object) -> None:
    audit.record(action, row, actor=actor, organisation_id=row.organisation_id, **data)
    events.publish([events.user_channel(row.user_id)], {"type": "membership.changed"})

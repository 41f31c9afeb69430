"""What changes organisations and who belongs to them."""

from django.db import IntegrityError, transaction

from healthcompanion.accounts.models import Picture, User
from healthcompanion.accounts.rules import has_second_factor
from healthcompanion.core import audit
from healthcompanion.organisations.join_ids import new_join_id, read_join_id
from healthcompanion.organisations.models import LicencePeriod, Membership, Organisation


@transaction.atomic
def open_individual_account(user: User, *, practice_name: str = "") -> Organisation:
    """Give `user` an organisation of their own, of kind "individual" (ACC-1, ACC-4).

    `practice_name` is what patients read; without one it is the person's name.
    """
    organisation = Organisation.objects.create(
        kind=Organisation.Kind.INDIVIDUAL,
        name=practice_name or user.full_name,
        country=user.country,
    )
    _found(organisation, user)
    audit.record("organisation.opened", organisation, actor=user, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def open_organisation(user: User, **details: str) -> Organisation:
    """Make `user` the administrator of a new organisation, which gets its Organisations-ID (DEC-3).

    `details`: name, street, postal_code, city, country, phone.
    """
    organisation = Organisation.objects.create(kind=Organisation.Kind.ORGANISATION, **details)
    give_join_id(organisation)
    _found(organisation, user, is_administrator=True)
    audit.record("organisation.opened", organisation, actor=user, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def become_organisation(organisation: Organisation, *, by: User, **details: str) -> bool:
    """An individual account becomes an organisation and `by` its administrator (DEC-8).

    Everything else stays. One way; False where it was one already. `details`: name, address.
    """
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if row.kind != Organisation.Kind.INDIVIDUAL:
        return False
    row.kind = Organisation.Kind.ORGANISATION
    for name, value in details.items():
        setattr(row, name, value)
    row.save(update_fields=["kind", *details])
    give_join_id(row)
    Membership.objects.filter(organisation=row, user=by).update(is_administrator=True)
    audit.record("organisation.upgraded", row, actor=by, organisation_id=row.pk)
    return True


def give_join_id(organisation: Organisation) -> None:
    """A fresh Organisations-ID; one that it had leads nowhere from now on."""
    while True:
        try:
            with transaction.atomic():
                organisation.join_id = new_join_id()
                organisation.save(update_fields=["join_id"])
            return
        except IntegrityError:  # one in three thousand million
            continue


@transaction.atomic
def change_organisation(organisation: Organisation, *, actor: User, **values: str) -> list[str]:
    """Name, address and telephone number; which of them are new."""
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    fields = [name for name, value in values.items() if value != getattr(row, name)]
    for name in fields:
        setattr(row, name, values[name])
    if fields:
        row.save(update_fields=fields)
        audit.record(
            "organisation.changed", row, actor=actor, organisation_id=row.pk, fields=fields
        )
    return fields


@transaction.atomic
def set_logo(organisation: Organisation, data: bytes | None, *, actor: User) -> None:
    """What guests see at the top of their pages, drawn by accounts.pictures; None takes it away."""
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    former = row.logo
    row.logo = Picture.objects.create(data=data) if data is not None else None
    row.save(update_fields=["logo"])
    if former is not None:
        former.delete()
    action = "organisation.logo-set" if data is not None else "organisation.logo-removed"
    audit.record(action, row, actor=actor, organisation_id=row.pk)


class OwnFactorMissing(Exception):
    """Who asks others for a second factor has to have one: they would lock themselves out."""


@transaction.atomic
def ask_second_factor(organisation: Organisation, wanted: bool, *, actor: User) -> bool:
    """Whether every member needs a second factor (DEC-1); False where it was so already.

    Raises OwnFactorMissing.
    """
    if wanted and not has_second_factor(actor):
        raise OwnFactorMissing
    rows = Organisation.objects.filter(pk=organisation.pk, requires_second_factor=not wanted)
    if not rows.update(requires_second_factor=wanted):
        return False
    action = "organisation.second-factor-asked" if wanted else "organisation.second-factor-left"
    audit.record(action, organisation, actor=actor, organisation_id=organisation.pk)
    return True


@transaction.atomic
def renew_join_id(organisation: Organisation, *, actor: User, former: str | None) -> bool:
    """A new Organisations-ID in place of `former`; False where somebody was faster (DEC-5)."""
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if row.join_id is None or row.join_id != read_join_id(former or ""):
        return False
    give_join_id(row)
    audit.record("organisation.join-id-renewed", row, actor=actor, organisation_id=row.pk)
    return True


@transaction.atomic
def join(
    user: User, organisation: Organisation, *, role: str = Membership.Role.PROFESSIONAL
) -> Membership:
    """`user` becomes a member and waits for a licence (DEC-5)."""
    row = Membership.objects.create(
        user=user, organisation=organisation, role=role, is_licensed=False
    )
    audit.record("membership.begun", row, actor=user, organisation_id=organisation.pk)
    return row


def _found(organisation: Organisation, user: User, *, is_administrator: bool = False) -> None:
    row = Membership.objects.create(
        user=user, organisation=organisation, is_administrator=is_administrator
    )
    LicencePeriod.objects.create(membership=row, began_at=row.created_at)

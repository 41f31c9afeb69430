"""What changes organisations and who belongs to them."""

from django.db import transaction

from healthcompanion.accounts.models import User
from healthcompanion.core import audit
from healthcompanion.organisations.models import Membership, Organisation


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
    Membership.objects.create(user=user, organisation=organisation)
    audit.record("organisation.opened", organisation, actor=user, organisation_id=organisation.pk)
    return organisation

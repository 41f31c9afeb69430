"""Questions about who belongs where."""

from healthcompanion.accounts.models import User
from healthcompanion.organisations.models import Membership


def membership_of(user: User) -> Membership | None:
    """The person's membership with its organisation, or None where there is none yet."""
    return Membership.objects.select_related("organisation").filter(user=user).first()

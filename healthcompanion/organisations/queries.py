"""Questions about who belongs where. Fetching is authorising."""

from django.db.models import QuerySet
from django.http import Http404

from healthcompanion.accounts.models import User
from healthcompanion.organisations.models import Membership, Organisation


def membership_of(user: User) -> Membership | None:
    """The membership with organisation and preferences; None where there is none yet."""
    rows = Membership.objects.select_related("organisation", "user__preferences")
    return rows.filter(user=user).first()


def member_for(administrator: Membership, code: str) -> Membership:
    """A member of the administrator's own organisation; Http404 for every other code."""
    row = members_of(administrator.organisation).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Everybody who belongs to it, with their accounts, in the order in which they came."""
    rows = Membership.objects.filter(organisation=organisation)
    return rows.select_related("user", "organisation").order_by("pk")


def administrators_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who manages it, as far as they have a licence."""
    return members_of(organisation).filter(is_administrator=True, is_licensed=True)


def served_by(assistant: Membership) -> QuerySet[User]:
    """The professionals for whom an assistant works (DEC-7), as far as they have a licence."""
    return User.objects.filter(
        membership__assistants_assigned__assistant=assistant, membership__is_licensed=True
    ).order_by("last_name", "first_name")


def organisation_to_join(join_id: str) -> Organisation | None:
    """The organisation with this Organisations-ID, unless it is suspended."""
    return Organisation.objects.filter(
        join_id=join_id, kind=Organisation.Kind.ORGANISATION, suspended_at=None
    ).first()

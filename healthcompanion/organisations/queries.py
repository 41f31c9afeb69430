"""Questions about who belongs where. Fetching is authorising."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from healthcompanion.accounts.models import Picture, User
from healthcompanion.core.matching import has_words, words_of
from healthcompanion.organisations.models import MemberInvitation, Membership, Organisation
from healthcompanion.organisations.rules import can_work

PAGE = 50
STATES = {
    "waiting": Q(is_licensed=False, deactivated_at=None),
    "active": Q(is_licensed=True, is_ending=False),
    "ending": Q(is_licensed=True, is_ending=True),
    "inactive": Q(is_licensed=False, deactivated_at__isnull=False),
}


@dataclass(frozen=True)
class MemberPage:
    """Some members, and the code after which the next ones come; "" where these are the last."""

    members: list[Membership]
    next: str


def membership_of(user: User) -> Membership | None:
    """The membership with organisation and preferences; None where there is none yet."""
    rows = Membership.objects.select_related("organisation", "user__preferences")
    return rows.filter(user=user).first()


def held_membership(user: User) -> Membership | None:
    """The same, locked until the transaction ends, so that it stays as it is; None once removed."""
    rows = Membership.objects.select_for_update(of=("self",), no_key=True).select_related(
        "organisation", "user"
    )
    return rows.filter(user=user, removed_at=None).first()


def member_for(administrator: Membership, code: str) -> Membership:
    """A member of the administrator's own organisation; Http404 for every other code."""
    row = members_of(administrator.organisation).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Everybody who belongs to it, with their accounts, in the order in which they came."""
    rows = Membership.objects.filter(organisation=organisation, removed_at=None)
    related = rows.select_related("user__picture", "organisation").defer("user__picture__data")
    return related.order_by("pk")


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


def member_page(
    organisation: Organisation, *, search: str = "", state: str = "", after: str = ""
) -> MemberPage:
    """Members by what was typed of name and e-mail, and by state: at most fifty at a time."""
    rows = members_of(organisation).filter(STATES.get(state, Q()))
    if after:
        last = members_of(organisation).filter(code=after).values("pk")
        rows = rows.filter(pk__gt=last[:1])
    words = words_of(search)
    if words:
        people = rows.values_list("pk", "user__first_name", "user__last_name", "user__email")
        known = ((key, " ".join(parts)) for key, *parts in people)
        found = [key for key, text in known if has_words(text, words)]
        rows = rows.filter(pk__in=found[: PAGE + 1])
    members = list(rows[: PAGE + 1])
    more = len(members) > PAGE
    return MemberPage(members[:PAGE], members[PAGE - 1].code if more else "")


def professionals_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who of the organisation may hold consultations, by name."""
    rows = members_of(organisation).filter(
        role=Membership.Role.PROFESSIONAL, is_licensed=True, user__is_active=True
    )
    return rows.order_by("user__last_name", "user__first_name", "pk")


def find_professionals(organisation: Organisation, search: str) -> list[int]:
    """Keys of the `professionals_of` whose names have all words of `search`, by name."""
    words = words_of(search)
    rows = professionals_of(organisation)
    people = rows.values_list("pk", "user__title", "user__first_name", "user__last_name")
    return [key for key, *name in people if has_words(" ".join(name), words)] if words else []


def whose_schedule(user: User) -> QuerySet[User]:
    """Whose appointments `user` handles: their own, or as an assistant those of the professionals
    for whom they work (DEC-7). A subquery, so it costs no question of its own."""
    assistant = Membership.Role.ASSISTANT
    served = Membership.objects.filter(
        assistants_assigned__assistant__user=user,
        assistants_assigned__assistant__role=assistant,
        role=Membership.Role.PROFESSIONAL,
        is_licensed=True,
    )
    own = Membership.objects.filter(user=user, role=assistant)
    mine = Q(pk=user.pk) & ~Q(pk__in=own.values("user"))
    return User.objects.filter(mine | Q(pk__in=served.values("user")))


def assistants_of(professional_id: int) -> list[int]:
    """The people who work for the professional at present: they hear what they hear."""
    rows = Membership.objects.filter(
        professionals_served__professional__user=professional_id,
        role=Membership.Role.ASSISTANT,
        is_licensed=True,
    )
    return list(rows.values_list("user", flat=True))


def open_invitations() -> QuerySet[MemberInvitation]:
    """The invitations that still work, with their organisations."""
    rows = MemberInvitation.objects.filter(
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
        organisation__suspended_at=None,
    )
    return rows.select_related("organisation")


def invitations_of(organisation: Organisation) -> QuerySet[MemberInvitation]:
    """Who was invited and has not come yet, the latest first."""
    return open_invitations().filter(organisation=organisation).order_by("-pk")


def invitation_for(administrator: Membership, code: str) -> MemberInvitation:
    """An open invitation of the administrator's own organisation; Http404 for every other code."""
    row = invitations_of(administrator.organisation).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def picture_for(user: User, membership: Membership | None, code: str) -> Picture:
    """One's own picture and, for who may work, those of colleagues and the logo; or Http404."""
    seen = Q(pk=user.picture_id)
    if membership is not None and can_work(membership):
        house = membership.organisation
        people = User.objects.filter(membership__organisation=house, picture__isnull=False)
        seen |= Q(pk__in=people.values("picture")) | Q(pk=house.logo_id)
    row = Picture.objects.filter(seen, code=code).first()
    if row is None:
        raise Http404
    return row

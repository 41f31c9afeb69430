"""People with an account: found, helped back in, shut out. Never whom they treat (DEC-36)."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.decorators import register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.accounts.recovery import reset_second_factor
from healthcompanion.accounts.rules import has_second_factor
from healthcompanion.backoffice.forms import ReasonForm
from healthcompanion.backoffice.sections import Decision, Refused, Section
from healthcompanion.backoffice.site import site
from healthcompanion.organisations import suspension
from healthcompanion.organisations.removal import StillInCall
from healthcompanion.support.models import SupportRequest


def _block(row: User, *, actor: User, reason: str) -> str:
    try:
        suspension.block(row, actor=actor, reason=reason)
    except StillInCall as running:
        raise Refused(
            gettext("The person is in a consultation. Please try again when it is over.")
        ) from running
    return gettext("The person is blocked.")


def _unblock(row: User, *, actor: User) -> str:
    suspension.unblock(row, actor=actor)
    return gettext("The person can sign in again.")


def _reset(row: User, *, actor: User) -> str:
    reset_second_factor(row, actor=actor)
    return gettext("The second factor is removed. The password alone opens the account now.")


class StateFilter(SimpleListFilter):
    """Who can sign in."""

    title = _("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("blocked", _("Blocked")), ("staff", _("Staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == "blocked":
            return queryset.filter(is_active=False)
        return queryset.filter(is_staff=True) if self.value() == "staff" else queryset


@register(User, site=site)
class PeopleSection(Section[User]):
    order = 4
    path, name, icon = "people", "person", "users"
    title = _("People")
    intro = _("Everybody with an account. Whom they treat and speak to, you do not see.")
    empty = _("Nobody found")
    list_filter = (StateFilter,)
    search_fields = ("first_name", "last_name", "email", "membership__organisation__name")
    ordering = ("last_name", "first_name", "pk")
    decisions = (
        Decision(
            name="block",
            title=_("Block this person?"),
            text=_(
                "They are signed out everywhere within two seconds and cannot sign in any more. "
                "Nothing is deleted; you can let them in again."
            ),
            label=_("Block person"),
            act=_block,
            form=ReasonForm,
            grave=True,
        ),
        Decision(
            name="unblock",
            title=_("Let this person in again?"),
            text=_("They can sign in as before."),
            label=_("Let in again"),
            act=_unblock,
        ),
        Decision(
            name="second-factor-reset",
            title=_("Remove the second factor?"),
            text=_(
                "For people who lost their telephone and their recovery codes. Make sure who asks: "
                "the password alone opens the account afterwards, and all sessions end."
            ),
            label=_("Remove second factor"),
            act=_reset,
            grave=True,
        ),
    )

    def rows(self) -> QuerySet[User]:
        """Without those whose account is closed: of them nothing is left to look after."""
        people = User.objects.select_related("membership__organisation", "picture")
        return people.defer("picture__data").exclude(membership__removed_at__isnull=False)

    def open_decisions(self, row: User) -> set[str]:
        """Staff are appointed and dismissed at the command line: nobody shuts a colleague out."""
        if row.is_staff:
            return set()
        found = {"block"} if row.is_active else {"unblock"}
        return found | ({"second-factor-reset"} if has_second_factor(row) else set())

    def details(self, row: User) -> dict[str, Any]:
        addresses = EmailAddress.objects.filter(user=row, email=row.email, verified=True)
        return {
            "membership": getattr(row, "membership", None),
            "has_second_factor": has_second_factor(row),
            "is_confirmed": addresses.exists(),
            "requests": SupportRequest.objects.filter(user=row).order_by("-pk")[:10],
        }

"""Practices, clinics and nursing homes: who manages them, and whether they may work."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.decorators import register
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.backoffice.forms import ReasonForm
from healthcompanion.backoffice.sections import Decision, Section
from healthcompanion.backoffice.site import site
from healthcompanion.organisations import suspension
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.models import Organisation
from healthcompanion.organisations.queries import members_of

MEMBERS = Q(memberships__removed_at=None, memberships__isnull=False)


def _suspend(row: Organisation, *, actor: User, reason: str) -> str:
    suspension.suspend(row, actor=actor, reason=reason)
    return gettext("The organisation is suspended.")


def _resume(row: Organisation, *, actor: User) -> str:
    suspension.resume(row, actor=actor)
    return gettext("The suspension is lifted.")


class KindFilter(SimpleListFilter):
    """Organisations, individual accounts, and those that are suspended."""

    title = _("Kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Organisation.Kind.choices, ("suspended", _("Suspended"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Organisation]
    ) -> QuerySet[Organisation]:
        if self.value() == "suspended":
            return queryset.exclude(suspended_at=None)
        return queryset.filter(kind=self.value()) if self.value() else queryset


@register(Organisation, site=site)
class OrganisationSection(Section[Organisation]):
    order = 5
    path, name, icon = "organisations", "organisation", "building-2"
    title = _("Organisations")
    intro = _("Practices, clinics and nursing homes, and who manages them.")
    empty = _("No organisation found")
    list_filter = (KindFilter,)
    search_fields = ("name", "city", "memberships__user__email")
    ordering = ("name", "pk")
    decisions = (
        Decision(
            name="suspension",
            title=_("Suspend this organisation?"),
            text=_(
                "Its members are signed out within two seconds and read that the operator has "
                "suspended the organisation. Running consultations come to their end. Nothing is "
                "deleted."
            ),
            label=_("Suspend organisation"),
            act=_suspend,
            form=ReasonForm,
            grave=True,
        ),
        Decision(
            name="resumption",
            title=_("Lift the suspension?"),
            text=_("Everybody with a licence can work again at once."),
            label=_("Lift suspension"),
            act=_resume,
        ),
    )

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.annotate(
            member_count=Count("memberships", filter=MEMBERS, distinct=True)
        )

    def open_decisions(self, row: Organisation) -> set[str]:
        return {"resumption" if row.suspended_at else "suspension"}

    def details(self, row: Organisation) -> dict[str, Any]:
        members = members_of(row)
        return {
            "join_id": shown(row.join_id) if row.join_id else "",
            "licences": members.filter(is_licensed=True).count(),
            "administrators": members.filter(is_administrator=True)[:20],
        }

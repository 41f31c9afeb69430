"""What people asked of the support (DEC-30)."""

from typing import Any

from django.contrib.admin.decorators import register
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.backoffice.open_first import OpenFirst
from healthcompanion.backoffice.sections import Decision, Section
from healthcompanion.backoffice.site import site
from healthcompanion.organisations.queries import membership_of
from healthcompanion.support.actions import close_request
from healthcompanion.support.models import SupportRequest
from healthcompanion.support.queries import open_requests


def _close(row: SupportRequest, *, actor: User) -> str:
    close_request(row, actor=actor)
    return gettext("The request is closed.")


@register(SupportRequest, site=site)
class SupportSection(Section[SupportRequest]):
    order = 1
    path, name, icon = "requests", "request", "circle-help"
    title = _("Requests")
    intro = _("What people asked in the support form. You answer by e-mail, then close it here.")
    empty = _("No request waits for an answer.")
    list_filter = (OpenFirst,)
    search_fields = ("subject", "user__first_name", "user__last_name", "user__email")
    ordering = ("pk",)
    decisions = (
        Decision(
            name="closing",
            title=_("Close the request?"),
            text=_("Then the person reads in the settings that their request was answered."),
            label=_("Close request"),
            act=_close,
        ),
    )

    def rows(self) -> QuerySet[SupportRequest]:
        return SupportRequest.objects.select_related("user")

    def waiting(self) -> int:
        return open_requests().count()

    def open_decisions(self, row: SupportRequest) -> set[str]:
        return {"closing"} if row.state == SupportRequest.State.OPEN else set()

    def details(self, row: SupportRequest) -> dict[str, Any]:
        return {"membership": membership_of(row.user)}

"""Who wants another name or e-mail address (DEC-10)."""

from typing import Any

from django.contrib.admin.decorators import register
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.addresses import waiting_address
from healthcompanion.accounts.models import User
from healthcompanion.backoffice.forms import RefusalForm
from healthcompanion.backoffice.open_first import OpenFirst
from healthcompanion.backoffice.sections import Decision, Refused, Section
from healthcompanion.backoffice.site import site
from healthcompanion.organisations.queries import membership_of
from healthcompanion.support.changes import approve_change, refuse_change
from healthcompanion.support.models import ChangeRequest
from healthcompanion.support.queries import open_change_requests


def _approve(row: ChangeRequest, *, actor: User) -> str:
    _not_decided_twice(approve_change(row, actor=actor))
    return gettext("The change is approved.")


def _refuse(row: ChangeRequest, *, actor: User, answer: str) -> str:
    _not_decided_twice(refuse_change(row, actor=actor, answer=answer))
    return gettext("The change is refused. The person reads your answer.")


def _not_decided_twice(done: bool) -> None:
    if not done:
        raise Refused(gettext("The request was decided or taken back in the meantime."))


@register(ChangeRequest, site=site)
class ChangeSection(Section[ChangeRequest]):
    order = 2
    path, name, icon = "changes", "change", "pencil"
    title = _("Changes")
    intro = _("Who wants another name or e-mail address. Both are what patients trust.")
    empty = _("No change waits for a decision.")
    list_filter = (OpenFirst,)
    search_fields = ("first_name", "last_name", "user__first_name", "user__last_name")
    ordering = ("pk",)
    decisions = (
        Decision(
            name="approval",
            title=_("Approve the change?"),
            text=_(
                "The name changes at once. A new e-mail address counts when its owner has "
                "confirmed it by the link that goes there."
            ),
            label=_("Approve change"),
            act=_approve,
        ),
        Decision(
            name="refusal",
            title=_("Refuse the change?"),
            text=_("Everything stays as it is. The person reads your answer in a mail."),
            label=_("Refuse change"),
            act=_refuse,
            form=RefusalForm,
            grave=True,
        ),
    )

    def rows(self) -> QuerySet[ChangeRequest]:
        return ChangeRequest.objects.select_related("user")

    def waiting(self) -> int:
        return open_change_requests().count()

    def open_decisions(self, row: ChangeRequest) -> set[str]:
        return {"approval", "refusal"} if row.state == ChangeRequest.State.OPEN else set()

    def details(self, row: ChangeRequest) -> dict[str, Any]:
        return {
            "membership": membership_of(row.user),
            "waiting_address": waiting_address(row.user),
        }

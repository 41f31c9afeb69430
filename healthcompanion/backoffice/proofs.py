"""Professionals whose proof is to be looked at (DEC-11)."""

from typing import Any, cast

from django.contrib.admin.decorators import register
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from healthcompanion.accounts import verification
from healthcompanion.accounts.documents import document_response
from healthcompanion.accounts.models import User, Verification
from healthcompanion.backoffice.forms import RefusalForm
from healthcompanion.backoffice.open_first import OpenFirst
from healthcompanion.backoffice.sections import Decision, Refused, Section
from healthcompanion.backoffice.site import site
from healthcompanion.core import audit
from healthcompanion.organisations.queries import membership_of

State = Verification.State


def _verify(row: Verification, *, actor: User) -> str:
    _not_decided_twice(verification.verify(row.user, actor=actor))
    return gettext("The proof is accepted. The person can invite patients now.")


def _reject(row: Verification, *, actor: User, answer: str) -> str:
    _not_decided_twice(verification.reject(row.user, actor=actor, answer=answer))
    return gettext("The proof is rejected. The person reads your answer.")


def _revoke(row: Verification, *, actor: User, answer: str) -> str:
    _not_decided_twice(verification.revoke(row.user, actor=actor, answer=answer))
    return gettext("The check is taken back. The person reads your answer.")


def _not_decided_twice(done: bool) -> None:
    if not done:
        raise Refused(gettext("Somebody else has decided about it in the meantime."))


@register(Verification, site=site)
class ProofSection(Section[Verification]):
    order = 3
    path, name, icon = "proofs", "proof", "shield-check"
    title = _("Proofs")
    intro = _("Whether professionals may practise. Who is not checked cannot invite patients.")
    empty = _("No proof waits to be looked at.")
    list_filter = (OpenFirst,)
    search_fields = ("user__first_name", "user__last_name", "user__email")
    ordering = ("submitted_at", "pk")
    decisions = (
        Decision(
            name="acceptance",
            title=_("Accept the proof?"),
            text=_("The person can invite and call patients at once."),
            label=_("Accept proof"),
            act=_verify,
        ),
        Decision(
            name="rejection",
            title=_("Reject the proof?"),
            text=_("The person reads your answer in a mail and can show another document."),
            label=_("Reject proof"),
            act=_reject,
            form=RefusalForm,
            grave=True,
        ),
        Decision(
            name="revocation",
            title=_("Take the check back?"),
            text=_("The person can no longer invite and call patients, and reads your answer."),
            label=_("Take back"),
            act=_revoke,
            form=RefusalForm,
            grave=True,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        document = self.admin_site.admin_view(require_safe(self.document))
        return [
            *super().get_urls(),
            path("<slug:code>/document/", document, name="proof-document"),
        ]

    def rows(self) -> QuerySet[Verification]:
        return Verification.objects.select_related("user").defer("document")

    def waiting(self) -> int:
        return Verification.objects.filter(state=State.OPEN).count()

    def open_decisions(self, row: Verification) -> set[str]:
        if row.state == State.OPEN:
            return {"acceptance", "rejection"}
        return {"revocation"} if row.state == State.VERIFIED else set()

    def details(self, row: Verification) -> dict[str, Any]:
        return {"membership": membership_of(row.user)}

    def document(self, request: HttpRequest, code: str) -> HttpResponse:
        """What was uploaded; that it was opened is recorded."""
        row = self._row(code)
        response = document_response(row)
        actor = cast(User, request.user)
        audit.record("proof.opened", row, actor=actor, organisation_id=None)
        return response

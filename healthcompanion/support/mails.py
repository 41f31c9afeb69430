"""The mails to the operator's support, and its answer to who wanted a change."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from healthcompanion.notifications.wording import Mail, compose, renders
from healthcompanion.organisations.queries import membership_of
from healthcompanion.support.actions import KIND
from healthcompanion.support.changes import ASKED, DECIDED
from healthcompanion.support.models import ChangeRequest, SupportRequest


@renders(KIND, harmless_twice=True)
def request(reference: str) -> Mail | None:
    """The request with whom to answer; None once it is gone."""
    row = SupportRequest.objects.select_related("user").filter(pk=reference).first()
    if row is None:
        return None
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        return compose(
            "support/email/request",
            to=settings.HC_SUPPORT_EMAIL,
            to_name=_("Support"),
            subject=_("Request %(number)s: %(subject)s")
            % {"number": row.number, "subject": row.subject},
            language=language,
            context={"request": row, "membership": membership_of(row.user)},
            headers={"Reply-To": row.user.email},
        )


@renders(ASKED, harmless_twice=True)
def change_asked(reference: str) -> Mail | None:
    """Only that something waits: who wants what stands in the back office."""
    row = ChangeRequest.objects.filter(pk=reference, state=ChangeRequest.State.OPEN).first()
    if row is None:
        return None
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        return compose(
            "support/email/change_asked",
            to=settings.HC_SUPPORT_EMAIL,
            to_name=_("Support"),
            subject=_("Request for a change %(number)s") % {"number": row.number},
            language=language,
            context={"request": row, "url": _address("backoffice:change-detail", row.code)},
        )


@renders(DECIDED, harmless_twice=True)
def change_decided(reference: str) -> Mail | None:
    """What the operator decided, to the present address."""
    row = ChangeRequest.objects.select_related("user").filter(pk=reference).first()
    if row is None or row.state not in (ChangeRequest.State.APPROVED, ChangeRequest.State.REFUSED):
        return None
    user = row.user
    with translation.override(user.language):
        approved = row.state == ChangeRequest.State.APPROVED
        return compose(
            "support/email/change_decided",
            to=user.email,
            to_name=user.full_name,
            subject=_("Your change is approved") if approved else _("Your change was not approved"),
            language=user.language,
            context={
                "request": row,
                "user": user,
                "approved": approved,
                "new_address": approved and row.email != user.email,
                "url": _address("accounts:profile"),
            },
        )


def _address(page: str, *args: str) -> str:
    return settings.HC_BASE_URL + reverse(page, args=args)

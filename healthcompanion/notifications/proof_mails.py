"""Mails about the check of professionals (DEC-11): to the operator's support, and its answer."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from healthcompanion.accounts.models import Verification
from healthcompanion.accounts.signals import proof_decided, proof_submitted
from healthcompanion.notifications.actions import queue_message
from healthcompanion.notifications.wording import Mail, compose, renders

SUBMITTED, DECIDED = "account.proof_submitted", "account.proof_decided"
State = Verification.State


def connect() -> None:
    """Called once, when the applications are ready."""
    proof_submitted.connect(_submitted)
    proof_decided.connect(_decided)


def _submitted(sender: Any, verification: Verification, **kwargs: Any) -> None:
    queue_message(SUBMITTED, str(verification.pk), organisation=None, sender=None)


def _decided(sender: Any, verification: Verification, **kwargs: Any) -> None:
    queue_message(DECIDED, str(verification.pk), organisation=None, sender=None)


@renders(SUBMITTED, harmless_twice=True)
def submitted(reference: str) -> Mail | None:
    """Only that a document waits: whose it is stands in the back office."""
    row = Verification.objects.filter(pk=reference, state=State.OPEN).defer("document").first()
    if row is None:
        return None
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        return compose(
            "notifications/email/proof_submitted",
            to=settings.HC_SUPPORT_EMAIL,
            to_name=_("Support"),
            subject=_("A proof waits to be looked at"),
            language=language,
            context={
                "url": settings.HC_BASE_URL + reverse("backoffice:proof-detail", args=[row.code])
            },
        )


@renders(DECIDED, harmless_twice=True)
def decided(reference: str) -> Mail | None:
    """What the operator found; None where something newer was submitted meanwhile."""
    rows = Verification.objects.select_related("user").exclude(state=State.OPEN).defer("document")
    row = rows.filter(pk=reference).first()
    if row is None:
        return None
    user = row.user
    with translation.override(user.language):
        verified = row.state == State.VERIFIED
        subject = _("Your proof is accepted") if verified else _("Your proof was not accepted")
        return compose(
            "notifications/email/proof_decided",
            to=user.email,
            to_name=user.full_name,
            subject=subject,
            language=user.language,
            context={
                "user": user,
                "verified": verified,
                "answer": row.answer,
                "url": settings.HC_BASE_URL + reverse("accounts:proof"),
            },
        )

"""Mails about a new e-mail address (DEC-10): the link to it, notices to the present one."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from healthcompanion.accounts import addresses
from healthcompanion.accounts.models import AddressChange
from healthcompanion.accounts.signals import address_asked, address_changed
from healthcompanion.notifications.actions import queue_message
from healthcompanion.notifications.wording import Mail, compose, renders

LINK, NOTICE, DONE = "account.address_link", "account.address_notice", "account.address_done"


def connect() -> None:
    """Called once, when the applications are ready."""
    address_asked.connect(_asked)
    address_changed.connect(_changed)


def _asked(sender: Any, change: AddressChange, **kwargs: Any) -> None:
    for kind in (LINK, NOTICE):
        queue_message(kind, str(change.pk), organisation=None, sender=None)


def _changed(sender: Any, change: AddressChange, **kwargs: Any) -> None:
    queue_message(DONE, str(change.pk), organisation=None, sender=None)


@renders(LINK, harmless_twice=True)
def link(reference: str) -> Mail | None:
    """The link to confirm; whose address it is already reads that somebody asked for it."""
    row = addresses.open_changes().select_related("user").filter(pk=reference).first()
    if row is None:
        return None
    with translation.override(row.user.language):
        if addresses.is_taken(row.email, by_others_than=row.user):
            subject, path = _("You already have an account"), reverse("account_login")
            return _mail(row, "address_taken", row.email, subject, path, to_name="")
        path = reverse("accounts:address", args=[addresses.token_of(row)])
        return _mail(row, "address_link", row.email, _("Please confirm your new address"), path)


@renders(NOTICE, harmless_twice=True)
def notice(reference: str) -> Mail | None:
    """To the present address: somebody asked for another one."""
    row = addresses.open_changes().select_related("user").filter(pk=reference).first()
    if row is None:
        return None
    with translation.override(row.user.language):
        path = reverse("accounts:profile")
        subject = _("A new e-mail address was asked for")
        return _mail(row, "address_notice", row.former, subject, path)


@renders(DONE, harmless_twice=True)
def done(reference: str) -> Mail | None:
    """To the former address: it was changed."""
    rows = AddressChange.objects.select_related("user").exclude(confirmed_at=None)
    row = rows.filter(pk=reference).first()
    if row is None:
        return None
    with translation.override(row.user.language):
        path = reverse("accounts:profile")
        return _mail(row, "address_done", row.former, _("Your e-mail address was changed"), path)


def _mail(
    row: AddressChange, template: str, to: str, subject: str, path: str, to_name: str | None = None
) -> Mail:
    return compose(
        f"notifications/email/{template}",
        to=to,
        to_name=row.user.full_name if to_name is None else to_name,
        subject=subject,
        language=row.user.language,
        context={
            "url": settings.HC_BASE_URL + path,
            "user": row.user,
            "days": addresses.DAYS,
            "support": settings.HC_SUPPORT_EMAIL,
        },
    )

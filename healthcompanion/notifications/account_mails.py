"""The mails around an account: confirm the address, choose a new password, notices."""

from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from healthcompanion.accounts.models import User
from healthcompanion.notifications import actions
from healthcompanion.notifications.wording import Mail, compose, renders

KINDS = {
    "account/email/email_confirmation_signup": "account.confirmation",
    "account/email/email_confirmation": "account.confirmation",
    "account/email/password_reset_key": "account.password_reset",
    "account/email/account_already_exists": "account.exists_already",
    "account/email/password_changed": "account.password_changed",
    "account/email/password_reset": "account.password_changed",
}
SUBJECTS = {
    "account.confirmation": gettext_lazy("Please confirm your e-mail address"),
    "account.password_reset": gettext_lazy("Choose a new password"),
    "account.exists_already": gettext_lazy("You already have an account"),
    "account.password_changed": gettext_lazy("Your password was changed"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Sends allauth's mails through our queue: no page waits for a mail server or fails."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind = KINDS[template_prefix]
        address = EmailAddress.objects.filter(email=email).first()
        if address is not None:
            actions.queue_message(kind, str(address.pk), organisation=None, sender=None)


def _mail(kind: str, reference: str) -> Mail | None:
    address = EmailAddress.objects.select_related("user").filter(pk=reference).first()
    if address is None:
        return None
    user: User = address.user
    with translation.override(user.language):
        return compose(
            f"notifications/email/{kind.removeprefix('account.')}",
            to=address.email,
            to_name=user.full_name,
            subject=str(SUBJECTS[kind]),
            language=user.language,
            context={"url": settings.HC_BASE_URL + _path(kind, address), "user": user},
        )


def _path(kind: str, address: EmailAddress) -> str:
    if kind == "account.confirmation":
        return reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    if kind == "account.password_reset":
        key = (
            f"{user_pk_to_url_str(address.user)}-{default_token_generator.make_token(address.user)}"
        )
        return reverse("account_reset_password_from_key", args=key.split("-", 1))
    return reverse("account_reset_password")


for _kind in SUBJECTS:
    renders(_kind, harmless_twice=True)(partial(_mail, _kind))

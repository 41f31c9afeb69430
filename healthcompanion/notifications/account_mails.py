"""The mails around an account: confirm the address, choose a new password, notices."""

import time
from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from healthcompanion.accounts.hashers import TooBusy
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
    "account/email/unknown_account": "account.password_reset",  # about no address: dropped
    "mfa/email/totp_activated": "account.app_added",
    "mfa/email/totp_deactivated": "account.app_removed",
    "mfa/email/webauthn_added": "account.passkey_added",
    "mfa/email/webauthn_removed": "account.passkey_removed",
    "mfa/email/recovery_codes_generated": "account.codes_renewed",
    "socialaccount/email/account_connected": "account.oidc_connected",
    "socialaccount/email/account_disconnected": "account.oidc_removed",
}
SUBJECTS = {
    "account.confirmation": gettext_lazy("Please confirm your e-mail address"),
    "account.password_reset": gettext_lazy("Choose a new password"),
    "account.exists_already": gettext_lazy("You already have an account"),
    "account.password_changed": gettext_lazy("Your password was changed"),
    "account.app_added": gettext_lazy("An authenticator app was added"),
    "account.app_removed": gettext_lazy("The authenticator app was removed"),
    "account.passkey_added": gettext_lazy("A passkey was added"),
    "account.passkey_removed": gettext_lazy("A passkey was removed"),
    "account.codes_renewed": gettext_lazy("You have new recovery codes"),
    "account.oidc_connected": gettext_lazy("You signed in through another service"),
    "account.oidc_removed": gettext_lazy("The other sign-in service was removed"),
}
# All of these say the same under different headings.
SECURITY = {KINDS[prefix] for prefix in KINDS if prefix.startswith(("mfa/", "social"))}
NOBODY = "0"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Sends allauth's mails through our queue: no page waits for a mail server or fails."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in has just shown who they are (allauth would ask again)."""
        records = get_authentication_records(context.request, context.request.user)
        since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if any(record["at"] > since for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        address = EmailAddress.objects.filter(email=email).first()
        reference = str(address.pk) if address is not None else NOBODY
        actions.queue_message(KINDS[template_prefix], reference, organisation=None, sender=None)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """What was never checked is no failed try of that person's."""
        try:
            return super().authenticate(request, **credentials)
        except TooBusy:
            self._rollback_login_failed_rl_usage()
            raise


def _mail(kind: str, reference: str) -> Mail | None:
    address = EmailAddress.objects.select_related("user").filter(pk=reference).first()
    if address is None:
        return None
    user: User = address.user
    with translation.override(user.language):
        template = "security_changed" if kind in SECURITY else kind.removeprefix("account.")
        return compose(
            f"notifications/email/{template}",
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
    return reverse("accounts:security" if kind in SECURITY else "account_reset_password")


for _kind in SUBJECTS:
    renders(_kind, harmless_twice=True)(partial(_mail, _kind))

"""How django-allauth's second factors behave here: sealed secrets, passkeys, no replay."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from healthcompanion.accounts.agents import describe_agent
from healthcompanion.accounts.models import User
from healthcompanion.core import sealing

logger = logging.getLogger(__name__)
PURPOSE = "second-factor"
SETTING_UP = "second-factor-set-up"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Secrets are encrypted under HC_MASTER_KEY; passkeys belong to the public address."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose=PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Never from the Host header: a passkey works at the address that it was made for."""
        host = settings.BASE_HOST.rsplit(":", 1)[0]
        return {"id": host, "name": "HealthCompanion"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {
            **super().get_public_key_credential_user_entity(user),
            "display_name": user.full_name,
        }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """`Firefox, Windows`: where the passkey was made is how people remember it."""
        words = describe_agent(context.request.META.get("HTTP_USER_AGENT", ""))
        return ", ".join(word for word in words if word) or _("Passkey")


def reseal_second_factors() -> tuple[int, int]:
    """Bring stored secrets under the newest master key: how many were, how many cannot be opened.

    Safe beside people who are signing in: each row is locked for its moment.
    """
    done = lost = 0
    for key in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk"):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key[0]).first()
            name = "secret" if row and "secret" in row.data else "seed"
            if row is None or sealing.is_current(row.data[name]):
                continue
            try:
                text = sealing.unseal(row.data[name], purpose=PURPOSE)
            except sealing.NotSealed:
                lost += 1
                continue
            row.data[name] = sealing.seal(text, purpose=PURPOSE)
            row.save(update_fields=["data"])
            done += 1
    return done, lost


class _CodeField:
    """The one field that these forms share, in our words."""

    user: User

    def tidy(self) -> None:
        field = self.fields["code"]  # type: ignore[attr-defined]  # of the form
        field.label = gettext_lazy("Code")
        field.error_messages["required"] = gettext_lazy("Please enter the code.")
        field.widget.attrs.pop("placeholder", None)


class _CodeCheck(_CodeField):
    """Whether a code is right. Counts every try, and takes back only the one that was.

    allauth would forget all failures of the network address with any success: whoever has an
    account of their own could guess at others for ever.
    """

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])  # type: ignore[attr-defined]  # of the form
        attempt = ratelimit.consume(
            context.request,
            app="allauth.account",
            action="login_failed",
            key=f"mfa-auth-user-{self.user.pk}",
        )
        if not attempt:
            raise get_adapter().validation_error("too_many_login_attempts")
        with still_readable():
            self.authenticator = self._owner_of(code)
        attempt.rollback()
        return code

    def _owner_of(self, code: str) -> Authenticator:
        typed = Authenticator.objects.filter(user=self.user)
        for row in typed.exclude(type=Authenticator.Type.WEBAUTHN):
            if row.wrap().validate_code(code):
                if not first_use(self.user, code):
                    break
                row.user = self.user
                return row
        raise SecondFactorAdapter().validation_error("incorrect_code")


class SecondFactorForm(_CodeCheck, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """A code from the app, or a recovery code, on the way in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tidy()


class SecondFactorAgainForm(_CodeCheck, ReauthenticateForm):  # type: ignore[misc]  # untyped
    """The same, of somebody who is in and about to change something grave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tidy()


@contextmanager
def still_readable() -> Iterator[None]:
    """A secret whose key was taken away is no fault of whoever types a code."""
    try:
        yield
    except sealing.NotSealed as error:
        logger.error("second factor: a secret cannot be opened; which HC_MASTER_KEY made it?")
        raise forms.ValidationError(
            _("This second factor can no longer be checked. Please use a passkey or ask for help."),
            code="unreadable",
        ) from error


def first_use(user: User, code: str) -> bool:
    """RFC 6238, 5.2: a code is accepted once; of several tries at once, one.

    allauth remembers it for one period; with a step of tolerance on both sides it lives for three.
    """
    lifetime = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    plain = "".join(filter(str.isalnum, code))
    return cache.add(f"code-used:{user.pk}:{plain}", True, lifetime)


class AuthenticatorAppForm(_CodeField, ActivateTOTPForm):  # type: ignore[misc]  # untyped
    """The first code of a new app. Until then the secret lies sealed in the session's row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        sealed = session.get(SECRET_SESSION_KEY)
        if sealed:
            try:
                session[SECRET_SESSION_KEY] = sealing.unseal(sealed, purpose=SETTING_UP)
            except sealing.NotSealed:  # its key was taken away: begin again
                del session[SECRET_SESSION_KEY]
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = sealing.seal(self.secret, purpose=SETTING_UP)
        self.tidy()

    @property
    def spelled_secret(self) -> str:
        """In groups of four, for those who type it."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))

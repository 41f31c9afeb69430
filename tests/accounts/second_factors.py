"""A second factor for tests: an app that shows codes, as RFC 6238 says."""

import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from healthcompanion.accounts.models import User
from tests.factories.organisations import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, periods: int = 0) -> str:
    """What the app shows now, or so many periods of 30 s later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods)))


def with_app(user: User) -> User:
    """`user` has set up the authenticator app, and got recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def recovery_codes(user: User) -> list[str]:
    return list(RecoveryCodes.activate(user).get_unused_codes())


def password_given(user: User, **headers: Any) -> tuple[Client, Any]:
    """A browser after the sign-in form, and the answer."""
    client = Client(**headers)
    form = {"login": user.email, "password": PASSWORD}
    return client, client.post("/accounts/login/", form)

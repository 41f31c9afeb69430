"""Forms that carry what a browser says about a passkey. Hostile until it is checked."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy

from healthcompanion.accounts.second_factor import SecondFactorAdapter

NAME_LENGTH = 60
# What the parsers of allauth and fido2 let through when they are fed nonsense.
UNREADABLE = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
    ValueError,
    struct.error,
)


@contextmanager
def readable() -> Iterator[None]:
    """Nonsense is a wrong code, not a fault of ours. Raises ValidationError."""
    try:
        yield
    except UNREADABLE as error:
        raise SecondFactorAdapter().validation_error("incorrect_code") from error


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A new passkey. All of ours know their person (PIN, finger, face) and can sign in alone."""

    passwordless = None  # takes the choice out of the form

    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"), max_length=NAME_LENGTH, required=False
    )

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        with readable():
            return dict(super().clean())


class _Presented:
    """A passkey that is shown; which of the account's it is."""

    def clean_credential(self) -> Authenticator:
        with readable():
            return super().clean_credential()  # type: ignore[misc]  # of the form


class PasskeyAfterPasswordForm(_Presented, AuthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    """As the second factor."""


class PasskeyAgainForm(_Presented, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    """Before something grave."""


class PasskeyAloneForm(_Presented, LoginWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """In place of the password."""

"""What Django and allauth tell us about sign-in and sign-out."""

from collections.abc import Callable
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from healthcompanion.accounts import sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core import audit


def connect() -> None:
    """Called once, when the applications are ready."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    password_changed.connect(_password_changed)
    password_reset.connect(_password_reset)
    second_factor.authenticator_added.connect(_recorded("second_factor.added"), weak=False)
    second_factor.authenticator_removed.connect(_recorded("second_factor.removed"), weak=False)
    second_factor.authenticator_reset.connect(_recorded("second_factor.renewed"), weak=False)


def _signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    sign_ins.note_sign_in(user, request.session, request.META.get("HTTP_USER_AGENT", ""))


def _signed_out(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        sign_ins.end_session(request.session)


def _password_changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """DEC-2: a new password ends all other sessions."""
    sign_ins.end_other_sign_ins(user, keep=request.session)


def _password_reset(sender: Any, user: User, **kwargs: Any) -> None:
    sign_ins.end_other_sign_ins(user, keep=None)


def _recorded(action: str) -> Callable[..., None]:
    def record(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
        audit.record(action, user, actor=user, organisation_id=None, kind=authenticator.type)

    return record

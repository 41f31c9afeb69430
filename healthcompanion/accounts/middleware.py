"""What is looked at on every request of somebody who is signed in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from healthcompanion.accounts.models import User
from healthcompanion.accounts.rules import needs_second_factor
from healthcompanion.accounts.sign_ins import note_activity

# Where one may go without the second factor that one has to set up.
SET_UP = {
    "account_logout",
    "account_reauthenticate",
    "accounts:second-factor",
    "accounts:language",
    "compliance:imprint",
    "compliance:privacy",
    "compliance:terms",
    "core:csrf",
    "core:healthz",
    "core:readyz",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}


class SteadySessionMiddleware:
    """Brings a session under a new HC_SECRET_KEY without moving it.

    Django would give it another key, and sockets that opened with the old one would be sent away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECRET_KEY_FALLBACKS:
            self._renew(request)
        return self.get_response(request)

    def _renew(self, request: HttpRequest) -> None:
        known = request.session.get(HASH_SESSION_KEY, "")
        user = User.objects.filter(pk=request.session.get(SESSION_KEY, 0)).first()
        if user is None:
            return
        former = any(
            constant_time_compare(known, hash) for hash in user.get_session_auth_fallback_hash()
        )
        if former:
            request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


class SignInMiddleware:
    """Notes that this browser is still in use (the list of devices)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(request.user, User):
            note_activity(request.user, request.session, request.META.get("HTTP_USER_AGENT", ""))
        return response


class SecondFactorMiddleware:
    """Leads people without the second factor that the operator asks for to setting one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not isinstance(request.user, User) or not needs_second_factor(request.user):
            return None
        request.second_factor_is_missing = True  # type: ignore[attr-defined]  # for templates
        match = request.resolver_match
        if match is not None and match.view_name in SET_UP:
            return None
        return HttpResponseRedirect(reverse("accounts:second-factor"))

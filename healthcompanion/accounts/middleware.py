"""What is looked at on every request of somebody who is signed in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

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

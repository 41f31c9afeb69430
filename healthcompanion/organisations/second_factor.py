"""Leads to setting up a second factor whoever has none where one is asked for."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from healthcompanion.accounts.models import User
from healthcompanion.organisations.rules import needs_second_factor

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


class SecondFactorMiddleware:
    """The only pages left to somebody without the second factor that is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        membership = getattr(request, "membership", None)  # by TenantMiddleware
        if not isinstance(request.user, User) or not needs_second_factor(request.user, membership):
            return None
        request.second_factor_is_missing = True  # type: ignore[attr-defined]  # for templates
        match = request.resolver_match
        if match is not None and match.view_name in SET_UP:
            return None
        return HttpResponseRedirect(reverse("accounts:second-factor"))

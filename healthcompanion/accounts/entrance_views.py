"""Ways in besides the password: what django-allauth leaves unlimited, or leaves to chance."""

from threading import BoundedSemaphore

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as limits
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from healthcompanion.core.errors import too_many_requests

# Asking the provider holds a page thread for as long as it takes to answer.
asking = BoundedSemaphore(2)


@login_not_required
def sign_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the OpenID Connect provider, or a page that says that it does not answer now."""
    if not ratelimit.consume(request, action="oidc"):
        return too_many_requests(request)
    if not asking.acquire(blocking=False):
        return _not_now(request)
    try:
        response: HttpResponse = allauth.login(request, provider_id=provider_id)
    except (RequestException, KeyError, ValueError):  # away, or no description of itself
        return _not_now(request)
    finally:
        asking.release()
    return response


@login_not_required
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """The challenge and its answer. Each challenge is a session's row, so asking is limited too."""
    if request.method == "GET" and not limits.consume(
        request, app="allauth.mfa", action="webauthn_login", limit_get=True
    ):
        return too_many_requests(request)
    response: HttpResponse = passkeys.login_webauthn(request)
    return response


def _not_now(request: HttpRequest) -> HttpResponse:
    # No 5xx: that would be a fault of ours in the log.
    return render(request, "socialaccount/authentication_error.html", status=424)

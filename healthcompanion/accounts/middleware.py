"""What is looked at on every request of somebody who is signed in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from healthcompanion.accounts.models import User
from healthcompanion.accounts.sign_ins import note_activity


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

"""Puts every signed-in request into its organisation: membership, time zone, language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from healthcompanion.accounts.models import User
from healthcompanion.organisations.models import Membership


class MemberRequest(HttpRequest):
    """A request of a signed-in member, as views behind the middleware see it."""

    user: User
    membership: Membership


class TenantMiddleware:
    """Sets `request.membership` (None for guests) and activates the tenant's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            request.membership = None  # type: ignore[attr-defined]  # read by guards
            return self.get_response(request)
        membership: Membership | None = getattr(request.user, "membership", None)
        request.membership = membership  # type: ignore[attr-defined]  # see MemberRequest
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        if membership is None:
            return self.get_response(request)
        with timezone.override(membership.organisation.zone):
            return self.get_response(request)

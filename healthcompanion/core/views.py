"""Small things that belong to no room: a fresh form token, the styleguide."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from healthcompanion.core.errors import server_error
from healthcompanion.core.specimens import ERROR_PAGES, specimens


@login_not_required
@never_cache
@require_safe
def csrf(request: HttpRequest) -> HttpResponse:
    """The token for this browser's cookie, for an open page after a sign-in in another tab.

    Other sites cannot read the answer: no CORS header lets them (Fetch standard).
    """
    return JsonResponse({"token": get_token(request)})


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components on one page: while developing and in the demo."""
    _only_for_builders()
    return render(request, "core/styleguide.html", specimens())


@login_not_required
@require_safe
def styleguide_error(request: HttpRequest, name: str) -> HttpResponse:
    """An error page as people get it; shown only, so the status is 200."""
    _only_for_builders()
    if name not in ERROR_PAGES:
        raise Http404
    response = server_error(request) if name == "500" else render(request, f"{name}.html")
    response.status_code = 200
    return response


def _only_for_builders() -> None:
    if not (settings.DEBUG or settings.HC_DEMO):
        raise Http404

"""Small things that belong to no room: a fresh form token, the styleguide."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


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
    """All components on one page, while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "core/styleguide.html")

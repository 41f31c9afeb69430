"""The styleguide, and what people see when something went wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components on one page, while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "core/styleguide.html")

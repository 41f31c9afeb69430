"""The public texts: imprint, privacy, terms (DEC-37)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from healthcompanion.compliance.retention import guest_days


@login_not_required
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who runs this installation."""
    return render(request, "compliance/imprint.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What happens to personal data, in the version that people accept."""
    context = {"version": settings.HC_PRIVACY_VERSION, "link_days": guest_days()}
    return render(request, "compliance/privacy.html", context)


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of use, in the version that people accept."""
    return render(request, "compliance/terms.html", {"version": settings.HC_TERMS_VERSION})

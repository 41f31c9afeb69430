"""A guest's check of their device, apart from any visit, and what both kinds of it need."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.calls.turn import trial_servers
from healthcompanion.core.http import json_body, problem
from healthcompanion.guests import actions
from healthcompanion.guests.forms import CheckBody
from healthcompanion.guests.guards import for_guest
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import guest_of
from healthcompanion.guests.views import greet


def check_urls(guest: str) -> dict[str, str]:
    """Where the check's part of a page asks and tells."""
    return {name: reverse(f"calls:check-{name}", args=[guest]) for name in ("relays", "result")}


@login_not_required
@never_cache
@require_safe
def check(request: HttpRequest, guest: str) -> HttpResponse:
    """The check by itself, for who came in by the invitation's second link."""
    try:
        person = guest_of(request, guest)
    except Http404:
        return render(request, "guests/link_unknown.html", status=404)
    context = {
        "urls": check_urls(guest),
        "language_url": reverse("calls:visit-language", args=[guest]),
    }
    return greet(request, "guests/check.html", person, steps=3, **context)


@require_safe
@for_guest
def check_relays(request: HttpRequest, guest: Guest) -> HttpResponse:
    """With which relays the guest's page may try the way; good for a minute."""
    return JsonResponse({"iceServers": trial_servers(guest)})


@require_POST
@for_guest
def check_result(request: HttpRequest, guest: Guest) -> HttpResponse:
    """What the check found; the practice sees it as a traffic light."""
    body = json_body(request, CheckBody)
    if not ratelimit.consume(request, action="device_check", key=guest.code):
        return problem("often", _("Please wait a minute and try again."), status=429)
    found = actions.record_check(
        guest,
        camera=body.camera,
        microphone=body.microphone,
        speaker=body.speaker,
        path=body.path,
        is_slow=body.slow,
    )
    return JsonResponse({"light": found.light})

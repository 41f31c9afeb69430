"""The link in the invitation: a greeting, and the button that lets the guest in."""

from contextlib import suppress
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from healthcompanion.guests import actions, links, queries, tickets
from healthcompanion.guests.language import speak_to
from healthcompanion.guests.links import link_token
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.queries import membership_of
from healthcompanion.organisations.rules import can_consult

EARLY = timedelta(minutes=30)  # more likely here to look than to stay


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET greets and changes nothing, since mail scanners open links; POST lets in (DEC-13)."""
    try:
        guest = queries.guest_for_link(token)
    except Http404:
        return render(request, "guests/link_unknown.html", status=404)
    if request.method != "POST":
        if not queries.is_door_open(guest):
            return greet(request, "guests/link_over.html", guest)
        is_early = guest.scheduled_at - timezone.now() > EARLY
        context = {
            "check_url": links.check_url(guest) if is_early else "",
            "token": link_token(guest),
        }
        response = greet(request, "guests/link.html", guest, **context)
        # Our own forms need an Origin, so not "no-referrer"; the token goes to nobody.
        response["Referrer-Policy"] = "strict-origin"
        return response
    with suppress(actions.DoorClosed):  # the page that follows says so
        actions.announce_visit(guest)
    response = redirect("calls:visit", guest=guest.code)
    tickets.give_ticket(response, guest)
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation's second link: try the device in peace, days before the appointment.

    GET explains and changes nothing; POST lets this browser check as this guest. No visit begins.
    """
    try:
        guest = queries.guest_for_link(token)
    except Http404:
        return render(request, "guests/link_unknown.html", status=404)
    if request.method != "POST":
        response = greet(request, "guests/check_invitation.html", guest)
        response["Referrer-Policy"] = "strict-origin"  # as above
        return response
    response = redirect("calls:check", guest=guest.code)
    tickets.give_ticket(response, guest)
    return response


@login_not_required
@require_safe
def open_check(request: HttpRequest) -> HttpResponse:
    """The same check for everybody, without a link: nothing is stored, no relay is opened."""
    return render(request, "guests/check.html", {"steps": 3})


def greet(request: HttpRequest, template: str, guest: Guest, **context: object) -> HttpResponse:
    """Render a guest's page in the practice's zone and, until they choose, the invited language."""
    speak_to(request, guest)
    context |= {
        "guest": guest,
        "professional": guest.host,
        "organisation": guest.organisation,
        "scheduled_at": guest.scheduled_at,
        "is_unattended": not can_consult(membership_of(guest.host)),
    }
    with timezone.override(guest.organisation.zone):
        return render(request, template, context)

"""The guest's one document: name, devices, waiting room, call. And the steps on its way."""

import json

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.accounts.views import language
from healthcompanion.calls import actions as calls
from healthcompanion.calls import people_actions
from healthcompanion.calls.check_views import check_urls
from healthcompanion.calls.descriptions import Description
from healthcompanion.calls.news import call_state
from healthcompanion.calls.queries import participant_for, visit_state
from healthcompanion.calls.views import note_mode, take_step
from healthcompanion.core.http import json_body, problem
from healthcompanion.guests import actions
from healthcompanion.guests.forms import DevicesBody, NameBody, NameForm
from healthcompanion.guests.guards import for_guest
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import guest_of
from healthcompanion.guests.views import greet


class AnswerBody(msgspec.Struct, forbid_unknown_fields=True):
    """What travels with an accept."""

    answer: Description | None = None


@login_not_required
@never_cache
@require_safe
def visit(request: HttpRequest, guest: str) -> HttpResponse:
    """The page of a guest who came in by their link; strangers see "unknown link"."""
    try:
        person = guest_of(request, guest)
    except Http404:
        return render(request, "guests/link_unknown.html", status=404)
    urls = {
        name: reverse(f"calls:visit-{name}", args=[guest])
        for name in ("name", "waiting", "departure", "state")
    }
    urls |= check_urls(guest)
    made_at = int(timezone.now().timestamp() * 1000)  # of a guest's pages the newest wins
    urls |= {
        "socket": f"/ws/g/{guest}/?page={made_at}",
        "calls": reverse("calls:visit", args=[guest]) + "calls/",
    }
    state = json.dumps(visit_state(person))
    context = {"urls": urls, "language_url": reverse("calls:visit-language", args=[guest])}
    return greet(request, "guests/visit.html", person, visit_json=state, **context)


@require_POST
@for_guest
def visit_name(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The guest confirms their real name."""
    form = NameForm({"name": json_body(request, NameBody).name})
    if not form.is_valid():
        return JsonResponse({"errors": {"name": form.errors["name"][0]}}, status=422)
    try:
        actions.confirm_name(guest, name=form.cleaned_data["name"])
    except actions.DoorClosed:
        return _changed()
    return JsonResponse(visit_state(guest))


@require_POST
@for_guest
def visit_waiting(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The guest enters the waiting room, or returns to it."""
    devices = json_body(request, DevicesBody)
    try:
        actions.enter_waiting_room(guest, camera=devices.camera, microphone=devices.microphone)
    except actions.NameMissing:
        return problem("name", _("Please enter your name first."), status=409)
    except actions.NotPossible:
        return _changed()
    return JsonResponse(visit_state(guest))


@require_POST
@for_guest
def visit_departure(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The guest leaves the waiting room."""
    try:
        calls.depart(guest)
    except (actions.NotPossible, calls.NotPossible):
        return problem("call", _("Please hang up first."), status=409)
    return JsonResponse(visit_state(guest))


@require_POST
@for_guest
def visit_language(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The guest chooses their language: for this browser, and for what is written to them."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        actions.choose_language(guest, chosen)
    return language(request)


@require_safe
@for_guest
def visit_state_view(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Where the guest stands, for a page that has been away."""
    return JsonResponse(visit_state(guest))


@require_POST
@for_guest
def call_acceptance(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """The guest accepts; of several pages exactly one wins."""
    place = participant_for(guest, code)
    answer = json_body(request, AnswerBody).answer
    return take_step(place, lambda: calls.accept_call(place.call, guest=guest, answer=answer))


@require_POST
@for_guest
def call_refusal(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """The guest declines."""
    place = participant_for(guest, code)
    return take_step(place, lambda: calls.decline_call(place.call, guest=guest))


@require_POST
@for_guest
def call_end(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """The guest hangs up."""
    place = participant_for(guest, code)
    return take_step(place, lambda: people_actions.hang_up(place.call, guest))


@require_POST
@for_guest
def call_mode(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """The guest's page says whether the connection is direct or relayed."""
    return note_mode(request, participant_for(guest, code))


@require_safe
@for_guest
def call_detail(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """The call as it is now, for a guest's page that has been away."""
    place = participant_for(guest, code)
    return JsonResponse(call_state(place.call, place))


def _changed() -> HttpResponse:
    return problem("visit", _("Something has changed meanwhile. Please try again."), status=409)

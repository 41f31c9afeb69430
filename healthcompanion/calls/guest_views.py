"""The guest's one document: name, devices, waiting room, call. And the steps on its way."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.calls.actions import NotPossible, depart
from healthcompanion.calls.queries import visit_state
from healthcompanion.core.http import json_body, problem
from healthcompanion.guests import actions
from healthcompanion.guests.forms import DevicesBody, NameBody, NameForm
from healthcompanion.guests.queries import guest_of
from healthcompanion.guests.views import greet


@login_not_required
@never_cache
@require_safe
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a guest who came in by their link; strangers see "unknown link"."""
    try:
        guest = guest_of(request, code)
    except Http404:
        return render(request, "guests/link_unknown.html", status=404)
    urls = {
        name: reverse(f"calls:visit-{name}", args=[code])
        for name in ("name", "waiting", "departure", "state")
    }
    urls |= {"socket": f"/ws/g/{code}/", "calls": reverse("calls:visit", args=[code]) + "calls/"}
    state = json.dumps(visit_state(guest))
    return greet(request, "guests/visit.html", guest, visit_json=state, urls=urls)


@login_not_required
@require_POST
def visit_name(request: HttpRequest, code: str) -> HttpResponse:
    """The guest confirms their real name."""
    guest = guest_of(request, code)
    form = NameForm({"name": json_body(request, NameBody).name})
    if not form.is_valid():
        return JsonResponse({"errors": {"name": form.errors["name"][0]}}, status=422)
    actions.confirm_name(guest, name=form.cleaned_data["name"])
    return JsonResponse(visit_state(guest))


@login_not_required
@require_POST
def visit_waiting(request: HttpRequest, code: str) -> HttpResponse:
    """The guest enters the waiting room, or returns to it."""
    guest = guest_of(request, code)
    devices = json_body(request, DevicesBody)
    try:
        actions.enter_waiting_room(guest, camera=devices.camera, microphone=devices.microphone)
    except actions.NotPossible:
        return problem("name", _("Please enter your name first."), status=409)
    return JsonResponse(visit_state(guest))


@login_not_required
@require_POST
def visit_departure(request: HttpRequest, code: str) -> HttpResponse:
    """The guest leaves the waiting room."""
    guest = guest_of(request, code)
    try:
        depart(guest)
    except (actions.NotPossible, NotPossible):
        return problem("call", _("Please hang up first."), status=409)
    return JsonResponse(visit_state(guest))


@login_not_required
@never_cache
@require_safe
def visit_state_view(request: HttpRequest, code: str) -> HttpResponse:
    """Where the guest stands, for a page that has been away."""
    return JsonResponse(visit_state(guest_of(request, code)))

"""More than two in a call: the addresses by which its host adds, lets in and removes people."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from healthcompanion.calls import people_actions
from healthcompanion.calls.actions import NotPossible
from healthcompanion.calls.forms import PersonForm
from healthcompanion.calls.models import Call
from healthcompanion.calls.people import call_of_host, call_people, guest_beside, other_member
from healthcompanion.core.http import json_body, problem
from healthcompanion.guests.links import link_url
from healthcompanion.organisations.guards import consulting_member
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.rules import sms_offer


class PersonBody(msgspec.Struct, forbid_unknown_fields=True):
    """The form of a person as the page sends it; PersonForm reads it."""

    first_name: str = ""
    last_name: str = ""
    role: str = ""
    language: str = ""
    email: str = ""
    mobile: str = ""
    consent: bool = False


@consulting_member
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_people_view(request: MemberRequest, code: str) -> HttpResponse:
    """Who is at the door and who was invited; POST adds a person."""
    call = call_of_host(request.user, code)
    if request.method == "POST":
        return _add(request, call)
    return JsonResponse(call_people(call))


@consulting_member
@require_POST
def admission(request: MemberRequest, code: str, guest: str) -> HttpResponse:
    """ "Hereinlassen"."""
    call = call_of_host(request.user, code)
    person = guest_beside(call, guest)
    return _step(call, lambda: people_actions.let_in(call, person, actor=request.user))


@consulting_member
@require_POST
def refusal(request: MemberRequest, code: str, guest: str) -> HttpResponse:
    """ "Abweisen"."""
    call = call_of_host(request.user, code)
    person = guest_beside(call, guest)
    return _step(call, lambda: people_actions.turn_away(call, person, actor=request.user))


@consulting_member
@require_POST
def removal(request: MemberRequest, code: str, participant: str) -> HttpResponse:
    """ "Aus dem Gespräch entfernen"."""
    call = call_of_host(request.user, code)
    member = other_member(call, participant)
    return _step(call, lambda: people_actions.remove(call, member, actor=request.user))


def _add(request: HttpRequest, call: Call) -> HttpResponse:
    form = PersonForm(
        msgspec.to_builtins(json_body(request, PersonBody)),
        region=call.organisation.country,
        has_sms=sms_offer(call.organisation) == "open",
    )
    if not form.is_valid():
        errors = {name: texts[0] for name, texts in form.errors.items()}
        return JsonResponse({"errors": errors}, status=422)
    wishes: dict[str, Any] = {**form.cleaned_data}
    del wishes["consent"]
    try:
        guest = people_actions.add_person(call, actor=call.initiator, **wishes)
    except (NotPossible, people_actions.CallFull) as refused:
        return _refusal(refused)
    return JsonResponse({"link": link_url(guest), **call_people(call)}, status=201)


def _step(call: Call, step: Callable[[], None]) -> HttpResponse:
    """Take a step and answer with the people as they are then."""
    try:
        step()
    except (NotPossible, people_actions.NotAtDoor, people_actions.CallFull) as refused:
        return _refusal(refused)
    return JsonResponse(call_people(call))


def _refusal(refused: Exception) -> HttpResponse:
    if isinstance(refused, people_actions.CallFull):
        return problem("full", _("No more people fit into this call."), status=409)
    if isinstance(refused, people_actions.NotAtDoor):
        return problem("offline", _("This person is no longer waiting."), status=409)
    return problem("gone", _("This call has ended."), status=409)

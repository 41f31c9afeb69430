"""The verbs of a call over HTTP, for professionals; what guests do stands in guest_views.py."""

from collections.abc import Callable
from typing import Literal, cast

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.accounts.models import User
from healthcompanion.appointments.queries import appointment_for
from healthcompanion.calls import actions
from healthcompanion.calls.descriptions import Description
from healthcompanion.calls.models import CallParticipant
from healthcompanion.calls.news import call_state, participant_of
from healthcompanion.calls.queries import participant_for
from healthcompanion.core.http import json_body, problem
from healthcompanion.organisations.guards import consulting_member
from healthcompanion.organisations.middleware import MemberRequest


class RingBody(msgspec.Struct, forbid_unknown_fields=True):
    """What travels with a ring."""

    offer: Description | None = None


class ModeBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a page measured: how its picture and sound travel."""

    mode: Literal["direct", "relayed"]


@consulting_member
@require_POST
def call_create(request: MemberRequest, code: str) -> HttpResponse:
    """ "Anruf starten": rings the patient of the appointment `code`."""
    appointment = appointment_for(request.user, code)
    body = json_body(request, RingBody)
    try:
        call = actions.call_guest(appointment.patient, caller=request.user, offer=body.offer)
    except actions.CallRefused as refusal:
        texts = {
            "busy": _("There is a call running already. Please end it first."),
            "offline": _("The patient is not in the waiting room at the moment."),
            "unverified": _("You can call patients once your proof was looked at."),
        }
        status = 403 if refusal.reason == "unverified" else 409
        return problem(refusal.reason, texts[refusal.reason], status=status)
    place = participant_of(call, request.user)
    assert place is not None  # noqa: S101 -- the action has just put the caller in
    return JsonResponse(call_state(call, place), status=201)


def take_step(place: CallParticipant, step: Callable[[], None]) -> HttpResponse:
    """Take a step and answer with the call as it is then; 409 where somebody was faster."""
    try:
        step()
    except actions.NotPossible:
        place.call.refresh_from_db()
        return problem(
            "gone",
            _("This call has already been answered or has ended."),
            status=409,
            call=call_state(place.call, place),
        )
    place.refresh_from_db(fields=["left_at"])
    return JsonResponse(call_state(place.call, place))


@require_POST
def call_end(request: HttpRequest, code: str) -> HttpResponse:
    """The professional hangs up, or cancels the ring."""
    person = cast(User, request.user)  # behind LoginRequiredMiddleware
    place = participant_for(person, code)
    return take_step(place, lambda: actions.end_call(place.call, actor=person))


@require_POST
def call_mode(request: HttpRequest, code: str) -> HttpResponse:
    """The professional's page says whether the connection is direct or relayed."""
    place = participant_for(cast(User, request.user), code)
    return note_mode(request, place)


def note_mode(request: HttpRequest, place: CallParticipant) -> HttpResponse:
    """Keep what the page of `place` measured."""
    mode = json_body(request, ModeBody).mode
    return take_step(place, lambda: actions.note_mode(place, mode))


@never_cache
@require_safe
def call_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The call as it is now, for a page that has been away."""
    place = participant_for(cast(User, request.user), code)
    return JsonResponse(call_state(place.call, place))

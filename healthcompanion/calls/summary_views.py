"""After a call: its summary, and the one-tap rating, for professionals and guests."""

from typing import Annotated, cast

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.accounts.models import User
from healthcompanion.calls import ratings
from healthcompanion.calls.models import CallParticipant
from healthcompanion.calls.queries import participant_for
from healthcompanion.calls.summary import call_summary, summary_for_host
from healthcompanion.core.http import json_body, problem
from healthcompanion.guests.guards import for_guest
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.guards import consulting_member
from healthcompanion.organisations.middleware import MemberRequest


class RatingBody(msgspec.Struct, forbid_unknown_fields=True):
    """From 1 (poor) to 3 (good)."""

    score: Annotated[int, msgspec.Meta(ge=1, le=3)]


@consulting_member
@never_cache
@require_safe
def summary(request: MemberRequest, code: str) -> HttpResponse:
    """How the call was, and who waits next."""
    place = participant_for(request.user, code)
    if not place.is_over:
        return _running()
    return JsonResponse(summary_for_host(place, request.user))


@require_POST
def rating(request: HttpRequest, code: str) -> HttpResponse:
    """The professional says how picture and sound were."""
    return _rate(request, participant_for(cast(User, request.user), code))


@require_safe
@for_guest
def guest_summary(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """How the call was."""
    place = participant_for(guest, code)
    if not place.is_over:
        return _running()
    return JsonResponse(call_summary(place))


@require_POST
@for_guest
def guest_rating(request: HttpRequest, guest: Guest, code: str) -> HttpResponse:
    """The guest says how picture and sound were."""
    return _rate(request, participant_for(guest, code))


def _rate(request: HttpRequest, place: CallParticipant) -> HttpResponse:
    score = json_body(request, RatingBody).score
    try:
        ratings.rate_call(place, score=score)
    except ratings.NotRatable:
        return problem("rated", _("A call can be rated once, after its end."), status=409)
    return JsonResponse({"may_rate": False})


def _running() -> HttpResponse:
    return problem("running", _("The call has not ended yet."), status=409)

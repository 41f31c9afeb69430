"""The verbs of a call over HTTP, for professionals and, under `/g/<code>/`, for guests."""

from collections.abc import Callable

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.accounts.models import User
from healthcompanion.appointments.queries import appointment_for
from healthcompanion.calls import actions
from healthcompanion.calls.models import CallParticipant
from healthcompanion.calls.news import call_state, participant_of
from healthcompanion.calls.queries import participant_for
from healthcompanion.core.http import SessionDescription, json_body, problem
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import guest_of
from healthcompanion.organisations.guards import consulting_member
from healthcompanion.organisations.middleware import MemberRequest


class RingBody(msgspec.Struct):
    """What travels with a ring."""

    offer: SessionDescription | None = None


class AnswerBody(msgspec.Struct):
    """What travels with an accept."""

    answer: SessionDescription | None = None


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
        }
        return problem(refusal.reason, texts[refusal.reason], status=409)
    place = participant_of(call, request.user)
    assert place is not None  # noqa: S101 -- the action has just put the caller in
    return JsonResponse(call_state(call, place), status=201)


def _person(request: HttpRequest, guest: str | None) -> User | Guest:
    """Who acts: the ticket's guest under a guest's address, the signed-in person elsewhere."""
    if guest is not None:
        return guest_of(request, guest)
    assert isinstance(request.user, User)  # noqa: S101 -- behind LoginRequiredMiddleware
    return request.user


def _step(request: HttpRequest, place: CallParticipant, step: Callable[[], None]) -> HttpResponse:
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
    return JsonResponse(call_state(place.call, place))


@login_not_required
@require_POST
def call_acceptance(request: HttpRequest, guest: str, code: str) -> HttpResponse:
    """The guest accepts; of several pages exactly one wins."""
    person = guest_of(request, guest)
    place = participant_for(person, code)
    answer = json_body(request, AnswerBody).answer
    return _step(
        request, place, lambda: actions.accept_call(place.call, guest=person, answer=answer)
    )


@login_not_required
@require_POST
def call_refusal(request: HttpRequest, guest: str, code: str) -> HttpResponse:
    """The guest declines."""
    person = guest_of(request, guest)
    place = participant_for(person, code)
    return _step(request, place, lambda: actions.decline_call(place.call, guest=person))


@require_POST
def call_end(request: HttpRequest, code: str, guest: str | None = None) -> HttpResponse:
    """Anybody in the call hangs up."""
    person = _person(request, guest)
    place = participant_for(person, code)
    return _step(request, place, lambda: actions.end_call(place.call, actor=person))


@never_cache
@require_safe
def call_detail(request: HttpRequest, code: str, guest: str | None = None) -> HttpResponse:
    """The call as it is now, for a page that has been away."""
    place = participant_for(_person(request, guest), code)
    return JsonResponse(call_state(place.call, place))


guest_call_end = login_not_required(lambda request, guest, code: call_end(request, code, guest))
guest_call_detail = login_not_required(
    lambda request, guest, code: call_detail(request, code, guest)
)

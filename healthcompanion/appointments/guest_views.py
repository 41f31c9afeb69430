"""The patient will not come: said in the greeting, or in the waiting room (DEC-14)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from healthcompanion.appointments import actions, refusals
from healthcompanion.core.models import CODE_LENGTH
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import LinkGone, guest_for_link, guest_of
from healthcompanion.guests.views import greet


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_cancellation(request: HttpRequest, guest: str) -> HttpResponse:
    """ "Termin absagen": asks first. `guest` is the code with a ticket, or what a link ends in."""
    try:
        person = guest_of(request, guest) if len(guest) == CODE_LENGTH else guest_for_link(guest)
        if person.companion_of_id is not None:
            raise Http404  # who takes part beside the patient has no appointment to cancel
    except Http404:
        return render(request, "guests/link_unknown.html", status=404)
    if request.method == "POST":
        response = _cancel(request, person, guest)
    else:
        response = _ask(request, person, guest)
    response["Referrer-Policy"] = "strict-origin"  # the token goes to nobody
    return response


def _ask(request: HttpRequest, person: Guest, way: str, **refused: bool) -> HttpResponse:
    cancels = reverse("appointments:guest-cancellation", args=[way])
    return greet(
        request,
        "appointments/guest_cancellation.html",
        person,
        cancels=cancels,
        back=cancels.removesuffix("cancellation/"),
        **refused,
    )


def _cancel(request: HttpRequest, person: Guest, way: str) -> HttpResponse:
    try:
        actions.cancel_for_patient(person.appointment)
    except refusals.ConsultationRunning:
        response = _ask(request, person, way, running=True)
        response.status_code = 409
        return response
    except refusals.AppointmentOver:
        response = _ask(request, person, way, over=True)
        response.status_code = 409
        return response
    except refusals.AppointmentGone as gone:
        raise LinkGone(person) from gone
    return greet(request, "appointments/guest_cancelled.html", person)

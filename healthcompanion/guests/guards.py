"""Decorator for the views of a guest who came in by their link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from healthcompanion.guests.language import speak_to
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import guest_of

GuestView = Callable[..., HttpResponse]


def for_guest(view: GuestView) -> GuestView:
    """Hands `view` the guest that the address names and the ticket proves, in their language.

    The view takes `(request, guest, …)`; strangers get Http404, dead links LinkGone.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, guest: str, **rest: Any) -> HttpResponse:
        person: Guest = guest_of(request, guest)
        speak_to(request, person)
        return view(request, person, **rest)

    return guarded

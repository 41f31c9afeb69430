"""Answers dead links with a page that helps, wherever they are noticed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from healthcompanion.guests.language import speak_to
from healthcompanion.guests.queries import LinkGone


class LinkGoneMiddleware:
    """Turns LinkGone into 410 (A17): the link was real, and is no longer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LinkGone):
            speak_to(request, error.guest)
            context = {"guest": error.guest}
            return render(request, "guests/link_gone.html", context, status=410)
        return None

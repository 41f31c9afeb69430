"""Says so in our own words where a sign-in has to be tried again."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from healthcompanion.accounts.hashers import TooBusy

SECONDS = 5


class TooBusyMiddleware:
    """Answers with 429 where too many passwords are being checked at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooBusy):
            return None
        response = render(request, "account/too_busy.html", status=429)
        response["Retry-After"] = str(SECONDS)
        return response

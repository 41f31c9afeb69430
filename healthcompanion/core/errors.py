"""The error pages that need more than a template. Django finds the others by their names."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

PAUSE_SECONDS = 60


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Django's own knows no request: neither the form's token nor the script's nonce."""
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Needs no database, session, language or collected files: each may be what failed."""
    try:
        style = staticfiles_storage.url("build/app.css")
    except ValueError:  # not in the manifest: the page is plain then
        style = ""
    return HttpResponseServerError(render_to_string("500.html", {"style": style}))


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429, for allauth's limits."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response

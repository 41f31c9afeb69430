"""In which language a guest is spoken to."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from healthcompanion.guests.models import Guest


def speak_to(request: HttpRequest, guest: Guest) -> None:
    """Answer `request` in the language of the invitation, until its browser has chosen another."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(guest.language)
        request.LANGUAGE_CODE = guest.language

"""The cookie by which a browser goes on as the guest whose link it opened. Never stored."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from healthcompanion.guests.models import Guest

COOKIE_SECONDS = 24 * 60 * 60
SALT = "guest-ticket"


def cookie_name(code: str) -> str:
    return f"{settings.HC_COOKIE_PREFIX}hc_guest_{code}"


def give_ticket(response: HttpResponse, guest: Guest) -> None:
    """Let this browser act as `guest` for a day, or until the link is replaced or closed."""
    response.set_cookie(
        cookie_name(guest.code),
        signing.dumps([guest.pk, guest.link_version], salt=SALT),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def ticket_version(cookie: str | None, guest: Guest) -> int | None:
    """The version of `guest`'s link that the cookie's value was given for; None for no ticket."""
    if not cookie:
        return None
    try:
        key, version = signing.loads(cookie, salt=SALT, max_age=COOKIE_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return int(version) if key == guest.pk else None


def ticket_in(request: HttpRequest, code: str) -> str | None:
    """The ticket for the guest `code` that this request carries."""
    return request.COOKIES.get(cookie_name(code))

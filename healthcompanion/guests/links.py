"""A guest's link and the cookie that follows it. Neither is ever stored."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from healthcompanion.core.keys import link_key, link_mac
from healthcompanion.guests.models import Guest

COOKIE_SECONDS = 24 * 60 * 60
SALT = "guest-ticket"


def _proof(guest: Guest, version: int, key: str) -> str:
    return link_mac(f"{guest.code}.{version}", key)


def link_url(guest: Guest) -> str:
    """The whole address to give to the guest: `<base>/g/<code>-<mac>`.

    The same one as in the mail, also after a newer key has come into use.
    """
    proof = _proof(guest, guest.link_version, link_key(guest.link_key))
    return settings.HC_BASE_URL + reverse("guests:link", args=[f"{guest.code}-{proof}"])


def matches(guest: Guest, proof: str) -> bool:
    """Whether `proof` belongs to the guest's present link, under any key that is given."""
    return _is_of_version(guest, proof, guest.link_version)


def matched_once(guest: Guest, proof: str) -> bool:
    """Whether `proof` belonged to an earlier link of the guest, since replaced."""
    return any(_is_of_version(guest, proof, version) for version in range(1, guest.link_version))


def _is_of_version(guest: Guest, proof: str, version: int) -> bool:
    return any(
        constant_time_compare(proof, _proof(guest, version, key)) for key in settings.HC_LINK_KEYS
    )


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

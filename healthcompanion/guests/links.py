"""A guest's link: derived, never stored (DEC-13)."""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from healthcompanion.core.keys import link_key, link_mac
from healthcompanion.guests.models import Guest


def _proof(guest: Guest, version: int, key: str) -> str:
    return link_mac(f"{guest.code}.{version}", key)


def link_url(guest: Guest) -> str:
    """The whole address to give to the guest: `<base>/g/<code>-<mac>`.

    The same one as in the mail, also after a newer key has come into use.
    """
    return settings.HC_BASE_URL + reverse("guests:link", args=[link_token(guest)])


def check_url(guest: Guest) -> str:
    """Where this guest tries their device before the appointment. As secret as the link itself."""
    return settings.HC_BASE_URL + reverse("guests:check", args=[link_token(guest)])


def link_token(guest: Guest) -> str:
    """What the link ends in."""
    proof = _proof(guest, guest.link_version, link_key(guest.link_key))
    return f"{guest.code}-{proof}"


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

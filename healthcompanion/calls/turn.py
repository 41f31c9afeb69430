"""Credentials for the relay: short-lived, one per person and call, never stored or logged."""

import base64
import hashlib
import hmac
import time
from typing import Any

from django.conf import settings

from healthcompanion.calls.models import CallParticipant
from healthcompanion.guests.models import Guest

TRIAL_SECONDS = 60  # long enough to try the way, too short to be of use to others


def ice_servers(participant: CallParticipant) -> list[dict[str, Any]]:
    """`RTCIceServer` entries for this person's page; empty where no relay is configured.

    Coturn's shared-secret scheme (draft-uberti-behave-turn-rest): the user name says until when
    and for whom, the password is its HMAC-SHA1, so the relay needs no list of users.
    """
    return _servers(participant.code, settings.HC_TURN_SECONDS)


def trial_servers(guest: Guest) -> list[dict[str, Any]]:
    """The same for a guest who only tries whether a connection would come about."""
    return _servers(guest.code, TRIAL_SECONDS)


def _servers(name: str, seconds: int) -> list[dict[str, Any]]:
    if not settings.HC_TURN_URLS:
        return []
    username = f"{int(time.time()) + seconds}:{name}"
    key = settings.HC_TURN_SECRET.encode()
    digest = hmac.new(key, username.encode(), hashlib.sha1).digest()  # the scheme's own hash
    credential = base64.b64encode(digest).decode()
    return [{"urls": settings.HC_TURN_URLS, "username": username, "credential": credential}]

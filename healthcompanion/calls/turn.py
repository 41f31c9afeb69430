"""Credentials for the relay: short-lived, one per person and call, never stored or logged."""

import base64
import hashlib
import hmac
import time
from typing import Any

from django.conf import settings

from healthcompanion.calls.models import CallParticipant


def ice_servers(participant: CallParticipant) -> list[dict[str, Any]]:
    """`RTCIceServer` entries for this person's page; empty where no relay is configured.

    Coturn's shared-secret scheme (draft-uberti-behave-turn-rest): the user name says until when
    and for whom, the password is its HMAC-SHA1, so the relay needs no list of users.
    """
    if not settings.HC_TURN_URLS:
        return []
    username = f"{int(time.time()) + settings.HC_TURN_SECONDS}:{participant.code}"
    key = settings.HC_TURN_SECRET.encode()
    digest = hmac.new(key, username.encode(), hashlib.sha1).digest()  # the scheme's own hash
    credential = base64.b64encode(digest).decode()
    return [{"urls": settings.HC_TURN_URLS, "username": username, "credential": credential}]

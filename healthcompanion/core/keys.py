"""The installation's keys. In the demo they are made once and kept in an ignored file."""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b32encode
from pathlib import Path

from django.conf import settings

NAMES = ("HC_SECRET_KEY", "HC_LINK_KEY")


def demo_keys(folder: Path) -> dict[str, str]:
    """The demo's own keys, made on the first start and readable by the owner alone."""
    path = folder / "demo-keys.json"
    keys: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in NAMES if name not in keys]
    if missing:
        keys |= {name: secrets.token_urlsafe(48) for name in missing}
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys, file)
        unfinished.replace(path)
    return keys


def link_mac(text: str) -> str:
    """A guest link's proof: HMAC-SHA256 under `HC_LINK_KEY`, cut to 100 bits, in base32.

    The token is derived, never stored (DEC-13), so that its creator can copy and resend it.
    """
    digest = hmac.new(settings.HC_LINK_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return b32encode(digest).decode().lower()[:20]

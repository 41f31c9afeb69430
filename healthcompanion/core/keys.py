"""The installation's keys. In the demo they are made once and kept in an ignored file.

Each of the three may be a list: the first one signs or encrypts, all of them verify or decrypt.
That is how a key is replaced without anybody noticing (docs/operating/keys.md).
"""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b32encode
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from healthcompanion.core import environment

NAMES = ("HC_SECRET_KEY", "HC_LINK_KEY", "HC_MASTER_KEY")
MIN_LENGTH = 32


def load(folder: Path, *, demo: bool) -> dict[str, list[str]]:
    """All keys by name, the first one of each in use. Outside the demo a wrong set stops the start.

    Raises ImproperlyConfigured where one is missing, too short, or serves two purposes.
    """
    found = {name: environment.secret(name).split() for name in NAMES}
    if demo:
        own = demo_keys(folder)
        return {name: found[name] or [own[name]] for name in NAMES}
    for name, keys in found.items():
        if not keys:
            raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set when HC_DEMO is off.")
        if min(map(len, keys)) < MIN_LENGTH:
            raise ImproperlyConfigured(f"{name}: every key needs {MIN_LENGTH} characters or more.")
    everything = [key for keys in found.values() for key in keys]
    if len(set(everything)) < len(everything):
        raise ImproperlyConfigured(f"{', '.join(NAMES)}: no key may be given twice.")
    return found


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


def key_id(key: str) -> str:
    """How a key is spoken of: eight digits that follow from it and do not give it away."""
    return hashlib.sha256(b"healthcompanion key id\0" + key.encode()).hexdigest()[:8]


def link_key_id() -> str:
    """The key that new guest links are made with."""
    return key_id(settings.HC_LINK_KEYS[0])


def link_key(identifier: str) -> str:
    """The key of that name; the present one where it is no longer given."""
    known = {key_id(key): key for key in settings.HC_LINK_KEYS}
    return known.get(identifier, settings.HC_LINK_KEYS[0])


def link_mac(text: str, key: str) -> str:
    """A guest link's proof: HMAC-SHA256 under one of `HC_LINK_KEY`, cut to 100 bits, in base32.

    The token is derived, never stored (DEC-13), so that its creator can copy and resend it.
    """
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return b32encode(digest).decode().lower()[:20]

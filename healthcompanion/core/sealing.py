"""Secrets in the database, encrypted under `HC_MASTER_KEY`: AES-256-GCM, one nonce per value.

A sealed value is `hc1.<key id>.<nonce and ciphertext>`. It names the key, so that several may be
in use while one is replaced, and it is bound to its purpose: moved elsewhere it does not open.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from healthcompanion.core.keys import key_id

VERSION = "hc1"
NONCE_BYTES = 12  # NIST SP 800-38D: 96 random bits


class NotSealed(Exception):
    """The value was made with a key that is not given, for another purpose, or was changed."""

    silent_variable_failure = True  # a template shows nothing in its place


def seal(text: str, *, purpose: str) -> str:
    """`text` encrypted under the first master key, to be opened with the same `purpose` only."""
    key = settings.HC_MASTER_KEYS[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + _cipher(key).encrypt(nonce, text.encode(), _bound(purpose, key_id(key)))
    return f"{VERSION}.{key_id(key)}.{urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed. Raises NotSealed."""
    version, _, rest = sealed.partition(".")
    identifier, _, body = rest.partition(".")
    key = {key_id(key): key for key in settings.HC_MASTER_KEYS}.get(identifier)
    if version != VERSION or key is None:
        raise NotSealed("made with a key that is not given")
    try:
        data = urlsafe_b64decode(body)
        nonce, ciphertext = data[:NONCE_BYTES], data[NONCE_BYTES:]
        opened = _cipher(key).decrypt(nonce, ciphertext, _bound(purpose, identifier))
    except (NotBase64, ValueError, InvalidTag) as error:
        raise NotSealed("changed, or made for another purpose") from error
    return opened.decode()


def is_current(sealed: str) -> bool:
    """Whether the value was made with the key that is in use now."""
    return sealed.startswith(f"{VERSION}.{key_id(settings.HC_MASTER_KEYS[0])}.")


def _bound(purpose: str, identifier: str) -> bytes:
    return f"{VERSION}.{identifier}.{purpose}".encode()


@lru_cache(maxsize=8)
def _cipher(key: str) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"healthcompanion sealing hc1")
    return AESGCM(derived.derive(key.encode()))

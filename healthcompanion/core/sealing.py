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
    head, sealed = _sealed(text.encode(), purpose)
    return f"{head}{urlsafe_b64encode(sealed).decode()}"


def seal_bytes(data: bytes, *, purpose: str) -> bytes:
    """The same for a file: `hc1.<key id>.` and then octets."""
    head, sealed = _sealed(data, purpose)
    return head.encode() + sealed


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed. Raises NotSealed."""
    head, _, body = sealed.rpartition(".")
    try:
        data = urlsafe_b64decode(body)
    except (NotBase64, ValueError) as error:
        raise NotSealed("changed") from error
    return _opened(head, data, purpose).decode()


def unseal_bytes(sealed: bytes, *, purpose: str) -> bytes:
    """The octets that were sealed. Raises NotSealed."""
    version, _, rest = sealed.partition(b".")
    identifier, _, data = rest.partition(b".")
    return _opened(f"{version.decode('latin-1')}.{identifier.decode('latin-1')}", data, purpose)


def _sealed(data: bytes, purpose: str) -> tuple[str, bytes]:
    key = settings.HC_MASTER_KEYS[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + _cipher(key).encrypt(nonce, data, _bound(purpose, key_id(key)))
    return f"{VERSION}.{key_id(key)}.", sealed


def _opened(head: str, data: bytes, purpose: str) -> bytes:
    version, _, identifier = head.partition(".")
    key = {key_id(key): key for key in settings.HC_MASTER_KEYS}.get(identifier)
    if version != VERSION or key is None:
        raise NotSealed("made with a key that is not given")
    nonce, ciphertext = data[:NONCE_BYTES], data[NONCE_BYTES:]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, _bound(purpose, identifier))
    except (ValueError, InvalidTag) as error:
        raise NotSealed("changed, or made for another purpose") from error


def is_current(sealed: str | bytes) -> bool:
    """Whether the value was made with the key that is in use now."""
    head = f"{VERSION}.{key_id(settings.HC_MASTER_KEYS[0])}."
    return sealed.startswith(head) if isinstance(sealed, str) else sealed.startswith(head.encode())


def _bound(purpose: str, identifier: str) -> bytes:
    return f"{VERSION}.{identifier}.{purpose}".encode()


@lru_cache(maxsize=8)
def _cipher(key: str) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"healthcompanion sealing hc1")
    return AESGCM(derived.derive(key.encode()))

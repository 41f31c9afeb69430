"""The Organisations-ID: eight characters that one reads aloud, the last of them a check.

Neither vowels that make words nor characters that look or sound alike. 23 is a prime number, so the
check finds every wrong character and every two that were swapped.
"""

import secrets

ALPHABET = "23456789ACEFHJKMNPRTWXY"
LENGTH = 8


def new_join_id() -> str:
    """A fresh one: 7 random characters (31 bits) and their check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def read_join_id(text: str) -> str | None:
    """What somebody typed, without dashes, spaces and case; None where it cannot be one."""
    plain = "".join(character for character in text.upper() if character.isalnum())
    known = len(plain) == LENGTH and set(plain) <= set(ALPHABET)
    return plain if known and _check(plain[:-1]) == plain[-1] else None


def shown(join_id: str) -> str:
    """As people read it: `K7M4-XRT9`."""
    return f"{join_id[:4]}-{join_id[4:]}"


def _check(body: str) -> str:
    total = sum(weight * ALPHABET.index(one) for weight, one in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]

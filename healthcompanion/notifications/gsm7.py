"""What fits into one SMS: 160 characters of the GSM 03.38 alphabet, or only 70 of any other."""

import unicodedata

ONE_SMS = 160
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE_AS_LONG = frozenset("^{}\\[~]|€")
SUBSTITUTES = str.maketrans(
    {"–": "-", "—": "-", "„": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "…": "...",
     "\u00a0": " ", "\u202f": " ", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i"}
)  # fmt: skip


def folded(text: str) -> str:
    """`text` in letters that every telephone shows: Ayşe becomes Ayse, a dash a hyphen."""
    whole = unicodedata.normalize("NFC", text.translate(SUBSTITUTES))
    return "".join(_letter(letter) for letter in whole)


def length(text: str) -> int:
    """How much of an SMS a folded text takes."""
    return len(text) + sum(letter in TWICE_AS_LONG for letter in text)


def _letter(letter: str) -> str:
    if letter in ALPHABET or letter in TWICE_AS_LONG:
        return letter
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if part in ALPHABET)
    return plain or ("" if unicodedata.combining(letter) else "?")

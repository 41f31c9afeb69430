"""Finding people by what somebody types: case, accents and the spelling of umlauts do not matter.

Not in the database: SQLite knows capitals of ASCII only, and PostgreSQL spells no umlauts out.
"""

import unicodedata

# Letters that Unicode does not take apart.
LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def words_of(query: str) -> list[str]:
    """The words of a search, of which all must be found; at most the first hundred letters."""
    return _plain(query[:100].replace(",", " ").replace(";", " ")).split()


def has_words(text: str, words: list[str]) -> bool:
    """Whether `text` has all `words`: Müller is found as muller, MÜLLER and mueller."""
    plain = _plain(text)
    short = _short(plain)
    return all(word in plain or _short(word) in short for word in words)


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _short(plain: str) -> str:
    """The same with ae, oe and ue as one letter, in which Müller and Mueller meet."""
    for spelled, letter in UMLAUTS:
        plain = plain.replace(spelled, letter)
    return plain

"""Letters that every telephone shows, and how many of them fit."""

import pytest

from healthcompanion.notifications.gsm7 import ALPHABET, folded, length


def test_alphabet_is_that_of_gsm() -> None:
    assert len(ALPHABET) == 127  # 128 places, one of them the escape


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Jürgen Öztürk, Größe", "Jürgen Öztürk, Größe"),
        ("Ayşe Çelik-Łukasz", "Ayse Çelik-Lukasz"),
        ("François", "Francois"),
        ("10 – 12 Uhr „bald“", '10 - 12 Uhr "bald"'),
        ("Mu\u0308ller", "Müller"),
        ("木", "?"),
        ("Visite 🙂", "Visite ?"),
    ],
)
def test_text_is_folded(text: str, plain: str) -> None:
    assert folded(text) == plain
    assert set(plain) <= ALPHABET


def test_some_letters_take_two_places() -> None:
    assert (length("abc"), length("a€[")) == (3, 5)

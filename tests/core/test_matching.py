"""Names are found however they are typed."""

import pytest

from healthcompanion.core.matching import has_words, words_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("müller", "Jörg Müller"),
        ("MÜLLER", "Jörg Müller"),
        ("muller", "Jörg Müller"),
        ("mueller", "Jörg Müller"),
        ("müller", "Joerg Mueller"),
        ("muller", "Joerg Mueller"),
        ("strasse", "Eva Straße"),
        ("STRAẞE", "Eva Strasse"),
        ("ayse", "Ayşe Demir"),
        ("isik", "I\N{LATIN SMALL LETTER S WITH CEDILLA}\N{LATIN SMALL LETTER DOTLESS I}k Demir"),
        ("lukasz", "Łukasz Nowak"),
        ("soren", "Søren Kjær"),
        ("kjaer", "Søren Kjær"),
        ("Mu\u0308ller", "Jörg Müller"),
        ("mü jö", "Jörg Müller"),
        ("Müller, Jörg", "Jörg Müller"),
        ("  müller  ", "Jörg Müller"),
        ("anuel", "Manuel Samuel"),
        ("el sam", "Manuel Samuel"),
        ("paul@example", "Paul Patient paul@example.net"),
        ("", "anybody"),
    ],
)
def test_name_is_found(typed: str, name: str) -> None:
    assert has_words(name, words_of(typed))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("müller", "Möller"), ("müller anna", "Jörg Müller"), ("mahler", "Maler"), ("%", "Paul")],
)
def test_name_is_not_found(typed: str, name: str) -> None:
    assert not has_words(name, words_of(typed))


@pytest.mark.parametrize("size", range(1, 8))
def test_every_beginning_of_a_name_finds_it(size: int) -> None:
    for typed in ("Mueller", "Müller", "Michael", "Bauer"):
        assert has_words("Müller Mueller Michael Bauer", words_of(typed[:size]))


def test_only_the_first_hundred_letters_count() -> None:
    assert words_of("a" * 5000) == ["a" * 100]

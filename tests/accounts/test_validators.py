"""DEC-2 as a table."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from healthcompanion.accounts.models import User
from healthcompanion.accounts.validators import character_classes

ANNA = User(email="anna.berger@praxis.example", first_name="Anna", last_name="Berger")


def accepted(password: str) -> bool:
    try:
        validate_password(password, ANNA)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("password", "classes"),
    [
        ("", 0),
        ("abc", 1),
        ("ABC", 1),
        ("123", 1),
        ("!? ", 1),
        ("aB1!", 4),
        ("äÖ1€", 4),
        ("日本語", 0),
        ("ab cd", 2),
    ],
)
def test_classes_are_lower_upper_digit_and_the_rest(password: str, classes: int) -> None:
    assert character_classes(password) == classes


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Tr9!xkz", False),  # seven of four
        ("Tr9!xkzv", True),  # eight of four
        ("Tr9xkzvQ", False),  # eight of three
        ("Tr9xkzvQwmPl7ghZbnc", False),  # nineteen of three
        ("Tr9xkzvQwmPl7ghZbncd", True),  # twenty of three
        ("wolke tisch lampe gras", True),  # twenty and more of two
        ("wolketischlampegrasbaum", False),  # of one
        ("12345678901234567890", False),
        ("Äpfel-7ß", True),
        ("Ab1!Ab1!" * 60, True),
        ("Password1!", False),  # on the list of common ones
        ("P@ssw0rd", False),
        ("Anna.Berger1", False),
        ("anna.berger@praxis.example", False),
        ("Berger-2026!x", True),
    ],
)
def test_password_rule(password: str, good: bool) -> None:
    assert accepted(password) is good


def test_rule_explains_itself_in_both_languages() -> None:
    texts = {}
    for language in ("de", "en"):
        with translation.override(language), pytest.raises(ValidationError) as refusal:
            validate_password("kurz", ANNA)
        texts[language] = refusal.value.messages[0]

    assert texts["en"].startswith("Please use at least 8 characters")
    assert texts["de"] != texts["en"]
    assert "8" in texts["de"]

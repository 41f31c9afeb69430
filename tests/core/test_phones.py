"""Mobile numbers as people type them."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from healthcompanion.core import phones
from healthcompanion.core.phones import normalised_mobile, readable


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("0171 39200 12", "DE", "+491713920012"),
        ("0171/3920012", "DE", "+491713920012"),
        ("+49 171 3920012", "AT", "+491713920012"),
        ("0049 171 3920012", "DE", "+491713920012"),
        ("+49 (0)171 3920012", "DE", "+491713920012"),
        ("0664 1234567", "AT", "+436641234567"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("+1 202 555 0123", "DE", "+12025550123"),  # America does not tell mobiles apart
    ],
)
def test_number_is_stored_in_one_form(typed: str, region: str, number: str) -> None:
    assert normalised_mobile(typed, region) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("call me", phones.UNREADABLE),
        ("0171 CALLMENOW", phones.UNREADABLE),
        ("-", phones.UNREADABLE),
        ("0171", phones.TOO_SHORT),
        ("0171 392", phones.TOO_SHORT),
        ("0171 3920012 345678901", phones.TOO_LONG),
        ("1" * 30, phones.TOO_LONG),
        ("+999 171 3920012", phones.UNKNOWN_COUNTRY),
        ("089 1234567", phones.NOT_MOBILE),
        ("0900 1234567", phones.NOT_MOBILE),
    ],
)
def test_error_says_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught, translation.override("en"):
        normalised_mobile(typed, "DE")

    assert caught.value.messages == [str(sentence)]


def test_number_is_read_in_groups() -> None:
    assert (readable("+491713920012"), readable("?")) == ("+49 171 3920012", "?")

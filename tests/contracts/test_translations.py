"""Every string has a German text, in the formal register, and none is a guess."""

from tools import messages


def test_every_string_has_a_german_text() -> None:
    assert messages.complaints() == []

"""Secrets in the database: opened by the right key for the right purpose, by nothing else."""

import pytest
from pytest_django import Settings

from healthcompanion.core.keys import key_id
from healthcompanion.core.sealing import NotSealed, is_current, seal, unseal

TEXT = "JBSWY3DPEHPK3PXP – größer"
NEW, OLD = "n" * 40, "o" * 40


def test_sealed_text_opens_again_and_shows_nothing() -> None:
    sealed = seal(TEXT, purpose="test")

    assert unseal(sealed, purpose="test") == TEXT
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert sealed != seal(TEXT, purpose="test")


def test_sealed_text_opens_for_its_purpose_only() -> None:
    sealed = seal(TEXT, purpose="test")

    with pytest.raises(NotSealed):
        unseal(sealed, purpose="other")


@pytest.mark.parametrize("position", [0, 5, 14, 20, -2])
def test_changed_text_does_not_open(position: int) -> None:
    sealed = seal(TEXT, purpose="test")
    letters = list(sealed)
    letters[position] = "A" if letters[position] != "A" else "B"

    with pytest.raises(NotSealed):
        unseal("".join(letters), purpose="test")


@pytest.mark.parametrize("text", ["", "hc1", "hc1..", "JBSWY3DP", "hc1.00000000.AAAA", "hc2.x.y"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(NotSealed):
        unseal(text, purpose="test")


def test_old_keys_open_and_the_first_one_seals(settings: Settings) -> None:
    settings.HC_MASTER_KEYS = [OLD]
    before = seal(TEXT, purpose="test")
    settings.HC_MASTER_KEYS = [NEW, OLD]
    after = seal(TEXT, purpose="test")

    assert [unseal(sealed, purpose="test") for sealed in (before, after)] == [TEXT, TEXT]
    assert [is_current(before), is_current(after)] == [False, True]
    assert after.split(".")[1] == key_id(NEW)

    settings.HC_MASTER_KEYS = [NEW]
    with pytest.raises(NotSealed):
        unseal(before, purpose="test")

"""Files and functions stay small enough to read; `tools/sizes.py` prints those over the aim."""

from tools import sizes


def test_nothing_is_larger_than_its_limit() -> None:
    assert sizes.over_limit() == []

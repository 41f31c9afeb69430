"""What a telephone in a poor network has to fetch before somebody can be called."""

import gzip

import pytest

from tests.contracts.source import ROOT

KILOBYTES = 1000
LIMIT = 150 * KILOBYTES


@pytest.mark.parametrize("name", ["app.js", "guest.js", "app.css"])
def test_page_stays_small(name: str) -> None:
    size = len(gzip.compress((ROOT / "static/build" / name).read_bytes()))

    assert 1 * KILOBYTES < size <= LIMIT

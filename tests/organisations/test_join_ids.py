"""The Organisations-ID: readable aloud, and one mistake never leads to somebody else."""

from itertools import pairwise

import pytest

from healthcompanion.organisations.join_ids import ALPHABET, new_join_id, read_join_id, shown


def test_it_is_read_however_people_type_it() -> None:
    join_id = new_join_id()

    for typed in (join_id, join_id.lower(), shown(join_id), f" {join_id[:4]} {join_id[4:]} "):
        assert read_join_id(typed) == join_id


@pytest.mark.parametrize("typed", ["", "ABC", "AAAAAAAAA", "1234567O", "ÄÖÜß2345", "K7M4-XRT9-X"])
def test_what_cannot_be_one_is_none(typed: str) -> None:
    assert read_join_id(typed) is None


def test_every_wrong_character_and_every_swap_is_found() -> None:
    join_id = new_join_id()

    for place, right in enumerate(join_id):
        for wrong in set(ALPHABET) - {right}:
            assert read_join_id(join_id[:place] + wrong + join_id[place + 1 :]) is None
    for place, (one, two) in enumerate(pairwise(join_id[:-1])):
        if one != two:
            assert read_join_id(join_id[:place] + two + one + join_id[place + 2 :]) is None

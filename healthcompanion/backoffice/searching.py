"""Finding rows by typed words. Every word must occur, each in any of the fields."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet


def with_words(rows: QuerySet[Any], fields: Iterable[str], typed: str) -> QuerySet[Any]:
    """`rows` in which each word of `typed` stands in one of `fields`, whatever its case.

    SQLite knows the case of a to z alone: an umlaut is looked for as people write names.
    """
    names = list(fields)
    for word in typed.split():
        spellings = {word, word.lower(), word.capitalize()}
        places = (Q(**{f"{name}__icontains": one}) for name in names for one in spellings)
        rows = rows.filter(reduce(or_, places))
    return rows

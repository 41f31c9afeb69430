"""What upkeep asks again and again finds few rows by an index, however many calls there were."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet

from healthcompanion.calls.models import UNENDED, Call
from healthcompanion.guests.queries import visits_without_call
from healthcompanion.organisations.models import Membership

QUESTIONS: dict[str, Callable[[], QuerySet]] = {  # type: ignore[type-arg]  # of different models
    "call_unended": lambda: Call.objects.filter(UNENDED, state=Call.State.RINGING),
    "visit_state": visits_without_call,
    "membership_ending": lambda: Membership.objects.filter(is_ending=True),
}


@pytest.mark.django_db
@pytest.mark.parametrize("index", QUESTIONS)
def test_an_index_answers(index: str) -> None:
    if connection.vendor == "postgresql":  # takes any index that holds few rows, or none for few
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Seq Scan" not in QUESTIONS[index]().explain()
    else:
        assert index in QUESTIONS[index]().explain()

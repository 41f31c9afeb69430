"""Two million calls of twenty organisations within a year, made by the database itself.

Run through `Server.run`, beside the service.
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.core.models import new_code
from healthcompanion.organisations.models import Membership, Organisation
from healthcompanion.statistics import queries
from healthcompanion.statistics.models import DayCount
from healthcompanion.statistics.queries import Period

HOUSES, MEMBERS, DAYS = 20, 25, 365
LITE = {
    "order": "{1} {0}",
    "numbers": "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n"
    " WHERE i + 1 < {last})",
    "moment": "strftime('%Y-%m-%d %H:%M:%S', {}, 'unixepoch')",
    "code": "printf('c%011d', i)",
    "day": "date(rang_at)",
    "length": "strftime('%s', ended_at) - strftime('%s', accepted_at)",
}
POSTGRES = {
    "order": "{0} {1}",
    "numbers": "WITH n(i) AS (SELECT generate_series({first}, {last} - 1))",
    "moment": "to_timestamp({})",
    "code": "'c' || lpad(i::text, 11, '0')",
    "day": "(rang_at AT TIME ZONE 'UTC')::date",
    "length": "extract(epoch FROM ended_at - accepted_at)::int",
}


def people() -> None:
    """The organisations and their members."""
    houses = Organisation.objects.bulk_create(
        Organisation(kind="organisation", name=f"Haus {n}", time_zone="UTC") for n in range(HOUSES)
    )
    users = User.objects.bulk_create(
        User(email=f"f{n}@bench.example", first_name="Frida", last_name=f"Zahl{n}", password="!")  # noqa: S106 -- nobody signs in by it
        for n in range(HOUSES * MEMBERS)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=houses[n % HOUSES], code=new_code())
        for n, user in enumerate(users)
    )


def calls(first: int, last: int, number: int) -> None:
    """The calls `first` to `last` (not included) of `number`, all held, spread over the year."""
    words = _words()
    house = Organisation.objects.get(name="Haus 0").pk
    user = User.objects.get(email="f0@bench.example").pk
    start = int((timezone.now() - timedelta(days=DAYS - 1)).timestamp()) // 86_400 * 86_400
    rang = f"{start} + i * {(DAYS - 1) * 86_400 / number:.6f}"
    values = {
        "code": words["code"],
        "created_at": words["moment"].format(rang),
        "organisation_id": f"{house} + i % {HOUSES}",
        "initiator_id": f"{user} + i % {HOUSES} + {HOUSES} * ((i / {HOUSES}) % {MEMBERS})",
        "contact_id": f"{user} + (i + 1) % {HOUSES * MEMBERS}",
        "state": "'ended'",
        "outcome": "'completed'",
        "version": "3",
        "persons": "2",
        "rang_at": words["moment"].format(rang),
        "accepted_at": words["moment"].format(f"{rang} + 5"),
        "ended_at": words["moment"].format(f"{rang} + 65 + i % 1800"),
    }
    numbers = words["numbers"].format(first=first, last=last)
    into = f"INSERT INTO {Call._meta.db_table} ({', '.join(values)})"
    chosen = f"SELECT {', '.join(values.values())} FROM n"  # noqa: S608 -- our own words
    with connection.cursor() as cursor:
        cursor.execute(f"{words['order'].format(numbers, into)} {chosen}")


def days() -> None:
    """The daily counts of all calls."""
    words = _words()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {DayCount._meta.db_table} (created_at, organisation_id, user_id, day,"  # noqa: S608 -- our own words
            " calls, seconds, missed, declined, invitations)"
            f" SELECT CURRENT_TIMESTAMP, organisation_id, initiator_id, {words['day']}, count(*),"
            f" sum({words['length']}), 0, 0, 0 FROM {Call._meta.db_table}"
            " WHERE state = 'ended' GROUP BY 2, 3, 4"
        )
        cursor.execute("ANALYZE")


def _words() -> dict[str, str]:
    return POSTGRES if connection.vendor == "postgresql" else LITE


def compare(runs: int) -> None:
    """Milliseconds of all SQL of the page for a year, from the counts and from the calls; and the
    number of calls by both."""
    house = Organisation.objects.order_by("-pk")[HOUSES // 2]
    period = Period(timezone.localdate() - timedelta(days=DAYS), timezone.localdate())
    held = Call.objects.filter(
        organisation=house,
        state="ended",
        outcome="completed",
        rang_at__gte=timezone.now() - timedelta(days=DAYS),
    )
    length = Sum(F("ended_at") - F("accepted_at"))

    def ours() -> int:
        queries.by_member(house, period)
        queries.over_time(house, period)
        return queries.totals(house, period).calls

    def raw() -> int:
        list(held.values("initiator").annotate(calls=Count("pk"), length=length))
        list(held.annotate(day=TruncDate("rang_at")).values("day").annotate(calls=Count("pk")))
        found = held.aggregate(calls=Count("pk", filter=Q(outcome="completed")), length=length)
        return int(found["calls"])

    print(json.dumps([_timed(ours, runs), _timed(raw, max(1, runs // 3)), ours(), raw()]))


def _timed(ask: Callable[[], int], runs: int) -> float:
    ask()
    spent = []
    for _ in range(runs):
        before = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - before) * 1000)
    return median(spent)

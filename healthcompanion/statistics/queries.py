"""What the administrator's dashboard shows. Every figure comes from the daily counts alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum

from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.models import DayCount

SHOWN = 100
MOST_COLUMNS = 31


@dataclass(frozen=True)
class Period:
    """Days of the organisation's zone, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Figures:
    """Sums over a period; meetings do not exist yet, so nobody invited to one."""

    calls: int = 0
    seconds: int = 0
    missed: int = 0
    declined: int = 0
    invitations: int = 0
    meeting_invitations: int = 0
    meetings: int = 0

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)

    @property
    def unanswered(self) -> int:
        return self.missed + self.declined

    @property
    def all_invitations(self) -> int:
        return self.invitations + self.meeting_invitations


@dataclass(frozen=True)
class MemberFigures:
    """One member's sums, and how long their bar is: 100 for the longest."""

    name: str
    figures: Figures
    percent: int


@dataclass(frozen=True)
class Column:
    """The calls of some days in the chart over time."""

    first: date
    last: date
    calls: int
    percent: int


SUMS = {
    "calls": Sum("calls", default=0),
    "seconds": Sum("seconds", default=0),
    "missed": Sum("missed", default=0),
    "declined": Sum("declined", default=0),
    "invitations": Sum("invitations", default=0),
}


def _rows(organisation: Organisation, period: Period) -> QuerySet[DayCount]:
    return DayCount.objects.filter(
        organisation=organisation, day__gte=period.first, day__lte=period.last
    )


def totals(organisation: Organisation, period: Period) -> Figures:
    """All members together. One query."""
    return Figures(**_rows(organisation, period).aggregate(**SUMS))


def by_member(
    organisation: Organisation, period: Period, *, limit: int | None = SHOWN
) -> list[MemberFigures]:
    """The members with the most calls first, former ones too; without `limit` all. One query."""
    sums = {f"sum_{name}": value for name, value in SUMS.items()}
    named = _rows(organisation, period).values(
        "user", first_name=F("user__first_name"), last_name=F("user__last_name")
    )
    rows: Any = named.annotate(**sums)  # sums by name: no type checker follows
    found = list(rows.order_by("-sum_calls", "last_name", "first_name", "user")[:limit])
    most = max((row["sum_calls"] for row in found), default=0)
    return [
        MemberFigures(
            name=f"{row['first_name']} {row['last_name']}".strip(),
            figures=Figures(**{name: row[f"sum_{name}"] for name in SUMS}),
            percent=_percent(row["sum_calls"], most),
        )
        for row in found
    ]


def over_time(organisation: Organisation, period: Period) -> list[Column]:
    """At most 31 columns of as many days each, the last one perhaps of fewer. One query."""
    rows = _rows(organisation, period).values("day").annotate(sum_calls=Sum("calls"))
    calls = {row["day"]: row["sum_calls"] for row in rows}
    parts = [
        (part, sum(calls.get(part.first + timedelta(days=n), 0) for n in range(part.days)))
        for part in _parts(period)
    ]
    most = max((number for _part, number in parts), default=0)
    return [Column(part.first, part.last, n, _percent(n, most)) for part, n in parts]


def _parts(period: Period) -> Iterator[Period]:
    step = -(-period.days // MOST_COLUMNS)
    first = period.first
    while first <= period.last:
        last = min(first + timedelta(days=step - 1), period.last)
        yield Period(first, last)
        first = last + timedelta(days=1)


def _percent(number: int, most: int) -> int:
    return round(100 * number / most) if most else 0

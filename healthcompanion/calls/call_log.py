"""The logs (11.4, 13.4): past calls as one person, or an organisation's administrators, read them.

A log is made of calls that went out and calls that came in. Each of the two stands in an index in
the order in which it is read, so page two thousand costs what page one costs, and what arrives
meanwhile moves nothing: a page starts after a certain call, not after a number of calls.
"""

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.core.matching import has_words, words_of
from healthcompanion.organisations.models import Membership, Organisation

DAYS = 90  # A6, and the retention of calls without a guest
PAGE = 50
CHUNK = 500
MOST_PEOPLE = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"([0-9]{1,17})-([a-z2-7]{12})")
RELATED = ("guest", "contact", "initiator")
INTERNAL = {"contact_organisation__isnull": True}  # of a call to a contact: within one organisation


class Direction(TextChoices):
    OUTGOING = "outgoing", pgettext_lazy("call", "Outgoing")
    INCOMING = "incoming", pgettext_lazy("call", "Incoming")


class Kind(TextChoices):
    """With whom: one patient, one contact, or several people at once."""

    PATIENT = "patient", pgettext_lazy("kind of call", "Patient")
    CONTACT = "contact", pgettext_lazy("kind of call", "Contact")
    GROUP = "group", pgettext_lazy("kind of call", "Group")


KINDS = {
    Kind.PATIENT: Q(guest__isnull=False, persons__lte=2),
    Kind.CONTACT: Q(contact__isnull=False, persons__lte=2),
    Kind.GROUP: Q(persons__gt=2),
}
# Whoever was rung has missed the call, whether the caller gave up or the time was over.
OUTCOMES: dict[tuple[str, str], Promise] = {
    (Direction.OUTGOING, Call.Outcome.COMPLETED): _("held"),
    (Direction.OUTGOING, Call.Outcome.DECLINED): _("declined"),
    (Direction.OUTGOING, Call.Outcome.MISSED): _("not reached"),
    (Direction.OUTGOING, Call.Outcome.CANCELLED): _("cancelled"),
    (Direction.INCOMING, Call.Outcome.COMPLETED): _("held"),
    (Direction.INCOMING, Call.Outcome.DECLINED): _("declined"),
    (Direction.INCOMING, Call.Outcome.MISSED): _("missed"),
    (Direction.INCOMING, Call.Outcome.CANCELLED): _("missed"),
}


class TooMany(Exception):
    """What was typed fits more people than one would want to read of."""


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see: `begin` is included, `end` is not; empty means all."""

    begin: datetime | None = None
    end: datetime | None = None
    kind: str = ""
    direction: str = ""

    def of(self, rows: QuerySet[Call]) -> QuerySet[Call]:
        since = timezone.now() - timedelta(days=DAYS)
        rows = rows.filter(rang_at__gte=max(since, self.begin or since), state=Call.State.ENDED)
        if self.end is not None:
            rows = rows.filter(rang_at__lt=self.end)
        return rows.filter(KINDS[Kind(self.kind)]) if self.kind else rows


@dataclass(frozen=True)
class Entry:
    """One line of a log, seen from the side of `member`."""

    call: Call
    direction: Direction
    hides_patients: bool = False

    @property
    def member(self) -> User:
        called = self.call.contact if self.direction == Direction.INCOMING else None
        return called or self.call.initiator

    @property
    def contact_name(self) -> str:
        """With whom the call was; administrators read a patient's initials only."""
        if self.direction == Direction.INCOMING:
            return self.call.initiator.full_name
        guest = self.call.guest
        if guest is None:
            return self.call.contact.full_name if self.call.contact else ""
        if self.hides_patients:
            return f"{guest.first_name[:1]}. {guest.last_name[:1]}."
        return guest.full_name

    @property
    def kind(self) -> Kind:
        if self.call.persons > 2:
            return Kind.GROUP
        return Kind.CONTACT if self.call.guest_id is None else Kind.PATIENT

    @property
    def was_held(self) -> bool:
        return self.call.outcome == Call.Outcome.COMPLETED

    @property
    def is_missed(self) -> bool:
        """Somebody called and nobody answered: one may want to call back."""
        unanswered = (Call.Outcome.MISSED, Call.Outcome.CANCELLED)
        return self.direction == Direction.INCOMING and self.call.outcome in unanswered

    @property
    def outcome(self) -> str:
        return str(OUTCOMES[self.direction, self.call.outcome])

    @property
    def clock(self) -> str:
        """How long it took, as hours, minutes and seconds; "" for a call that nobody took."""
        if not self.was_held:
            return ""
        minutes, seconds = divmod(round(self.call.duration.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"

    @property
    def length(self) -> str:
        """The same for people to read, in minutes or, from one hour on, in hours."""
        hours, rest = self.clock.split(":", 1)
        if hours == "0":
            return gettext("%(clock)s min") % {"clock": rest.removeprefix("0")}
        return gettext("%(clock)s h") % {"clock": self.clock}

    @property
    def order(self) -> tuple[datetime, str]:
        return self.call.rang_at, self.call.code

    @property
    def cursor(self) -> str:
        """Where this line stands, for the address of the page before or after it."""
        return f"{(self.call.rang_at - EPOCH) // timedelta(microseconds=1)}-{self.call.code}"


@dataclass(frozen=True)
class LogPage:
    """Some lines, newest first, and the cursors of the pages beside it; "" where there is none."""

    entries: list[Entry]
    newer: str
    older: str


@dataclass(frozen=True)
class Log:
    """Calls that went out and that came in, as far as they were asked for."""

    sides: list[tuple[Direction, QuerySet[Call]]]
    hides_patients: bool = False

    def page(self, *, after: str = "", before: str = "") -> LogPage:
        """The newest lines, those after a cursor (older), or those before one (newer)."""
        if before:
            found = self._read(before, PAGE + 1, newer=True)
            has_more, lines = len(found) > PAGE, found[:PAGE][::-1]
            return LogPage(lines, lines[0].cursor if has_more else "", before and _last(lines))
        found = self._read(after, PAGE + 1)
        has_more, lines = len(found) > PAGE, found[:PAGE]
        first = lines[0].cursor if lines and after else ""
        return LogPage(lines, first, _last(lines) if has_more else "")

    def entries(self) -> Iterator[Entry]:
        """All lines, newest first, some hundred at a time: an export holds no more in memory."""
        after = ""
        while found := self._read(after, CHUNK):
            yield from found
            after = found[-1].cursor

    def _read(self, cursor: str, number: int, *, newer: bool = False) -> list[Entry]:
        order = ("rang_at", "code") if newer else ("-rang_at", "-code")
        found = []
        for side, rows in self.sides:
            calls = _beyond(rows, cursor, newer=newer).select_related(*RELATED).order_by(*order)
            found.append([Entry(call, side, self.hides_patients) for call in calls[:number]])
        merged = heapq.merge(*found, key=lambda entry: entry.order, reverse=not newer)
        return list(merged)[:number]


def own_log(membership: Membership, choice: Choice) -> Log:
    """What a person called and was called, in the organisation in which they work today."""
    user, organisation = membership.user, membership.organisation
    calls = choice.of(Call.objects.all())
    here = Q(contact_organisation=organisation) | Q(organisation=organisation, **INTERNAL)
    sides = [
        (Direction.OUTGOING, calls.filter(initiator=user, organisation=organisation)),
        (Direction.INCOMING, calls.filter(here, contact=user)),
    ]
    return Log(_asked_for(sides, choice))


def organisation_log(
    organisation: Organisation, choice: Choice, *, people: list[int] | None = None
) -> Log:
    """All calls of its members while they were members, or those of `people` alone.

    A call between two of them is one line, the caller's; who asks for incoming calls, or for the
    one who was called, finds it as that member's line.
    """
    calls = choice.of(Call.objects.all())
    outgoing = calls.filter(organisation=organisation)
    incoming = [calls.filter(contact_organisation=organisation)]
    if people is not None:
        inside = Q(organisation=organisation, **INTERNAL)
        if not choice.direction:  # as long as the caller's line is there
            inside &= ~Q(initiator__in=people)
        outgoing = outgoing.filter(initiator__in=people)
        called = calls.filter(contact__in=people)
        incoming = [called.filter(Q(contact_organisation=organisation) | inside)]
    elif choice.direction:
        incoming.append(outgoing.filter(contact__isnull=False, **INTERNAL))
    sides = [(Direction.OUTGOING, outgoing), *((Direction.INCOMING, rows) for rows in incoming)]
    return Log(_asked_for(sides, choice), hides_patients=True)


def people_in_log(organisation: Organisation, search: str) -> list[int]:
    """Whose names have all words of `search`: members, and those who were when they called.

    Raises TooMany for more than one would want to read of.
    """
    words = words_of(search)
    calls = Call.objects.filter(organisation=organisation).values("initiator")
    called = Call.objects.filter(contact_organisation=organisation).values("contact")
    mine = Q(membership__organisation=organisation) | Q(pk__in=calls) | Q(pk__in=called)
    people = User.objects.filter(mine).values_list("pk", "title", "first_name", "last_name")
    found = [key for key, *name in people if has_words(" ".join(name), words)]
    if len(found) > MOST_PEOPLE:
        raise TooMany
    return found


def is_cursor(text: str) -> bool:
    return CURSOR.fullmatch(text) is not None


def _asked_for(
    sides: list[tuple[Direction, QuerySet[Call]]], choice: Choice
) -> list[tuple[Direction, QuerySet[Call]]]:
    return [(side, rows) for side, rows in sides if choice.direction in ("", side)]


def _last(lines: list[Entry]) -> str:
    return lines[-1].cursor if lines else ""


def _beyond(rows: QuerySet[Call], cursor: str, *, newer: bool) -> QuerySet[Call]:
    """Those of `rows` that stand beyond the cursor: the first bound is the index's, the second
    tells calls of one moment apart."""
    place = CURSOR.fullmatch(cursor)
    if place is None:
        return rows
    moment, code = EPOCH + timedelta(microseconds=int(place[1])), place[2]
    if newer:
        return rows.filter(Q(rang_at__gt=moment) | Q(code__gt=code), rang_at__gte=moment)
    return rows.filter(Q(rang_at__lt=moment) | Q(code__lt=code), rang_at__lte=moment)

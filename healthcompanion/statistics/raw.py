"""The same figures from the rows themselves, while they live: to check, and to count anew."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min

from healthcompanion.appointments.models import INVITATION
from healthcompanion.calls.models import Call
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.counting import FIGURES, day_of, figures_of
from healthcompanion.statistics.models import DayCount

Counts = dict[tuple[int, date], Counter[str]]


def raw_counts(organisation: Organisation, first: date, last: date) -> Counts:
    """By member and day, from `first` to `last` (both included)."""
    begin = datetime.combine(first, time.min, tzinfo=organisation.zone)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=organisation.zone)
    counts: Counts = {}
    ended = Call.objects.filter(
        organisation=organisation, state=Call.State.ENDED, rang_at__gte=begin, rang_at__lt=end
    )
    for call in ended.iterator():
        key = (call.initiator_id, day_of(call.rang_at, organisation))
        counts.setdefault(key, Counter()).update(figures_of(call))
    for sender, moment in _first_invitations(organisation):
        if sender is not None and begin <= moment < end:
            key = (sender, day_of(moment, organisation))
            counts.setdefault(key, Counter()).update({"invitations": 1})
    return counts


def _first_invitations(organisation: Organisation) -> list[tuple[int | None, datetime]]:
    """Who invited each patient first, and when."""
    rows = Message.objects.filter(organisation=organisation, kind=INVITATION)
    firsts = rows.values("reference").annotate(first=Min("pk")).values("first")
    return list(Message.objects.filter(pk__in=firsts).values_list("sender", "created_at"))


@transaction.atomic
def count_anew(organisation: Organisation, first: date, last: date) -> int:
    """Add to the days from `first` to `last` what the rows know and the figures lack; how many
    rows of figures there are then.

    Never lowers one: rows go with their guest, some of them before all their days are past.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    days = DayCount.objects.filter(organisation=organisation, day__gte=first, day__lte=last)
    counts = raw_counts(organisation, first, last)
    for row in days.select_for_update():
        known = counts.pop((row.user_id, row.day), Counter())
        for name in FIGURES:
            setattr(row, name, max(getattr(row, name), known[name]))
        row.save(update_fields=FIGURES)
    DayCount.objects.bulk_create(
        DayCount(
            organisation=organisation,
            user_id=user_id,
            day=day,
            **{name: counter[name] for name in FIGURES},
        )
        for (user_id, day), counter in counts.items()
    )
    return days.count()

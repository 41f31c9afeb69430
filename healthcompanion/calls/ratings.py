"""One tap after a call: how picture and sound were. Counted by the day, and tied to nobody."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from healthcompanion.calls.models import Call, CallParticipant, RatingCount


class NotRatable(Exception):
    """The call is not over, was never held, or this person has rated it already."""


def may_rate(place: CallParticipant) -> bool:
    """Whether the person may say now how the call was: once, and when it is over for them."""
    left_early = place.call.state == Call.State.ACTIVE and place.left_at is not None
    was_held = left_early or place.call.outcome == Call.Outcome.COMPLETED
    return was_held and not place.has_rated


@transaction.atomic
def rate_call(place: CallParticipant, *, score: int) -> None:
    """Count one rating of today, from 1 (poor) to 3 (good). Raises NotRatable.

    At the person's place in the call stays only that they have rated; nothing joins the two.
    """
    if not may_rate(place):
        raise NotRatable
    mine = CallParticipant.objects.filter(pk=place.pk, has_rated=False)
    if not mine.update(has_rated=True):
        raise NotRatable  # tapped twice
    audience = RatingCount.Audience.GUEST if place.guest_id else RatingCount.Audience.PROFESSIONAL
    _count(audience, score)


def rating_counts(first: date, last: date) -> QuerySet[RatingCount]:
    """The counts of the days (UTC) from `first` to `last`, both included."""
    rows = RatingCount.objects.filter(day__gte=first, day__lte=last)
    return rows.order_by("day", "audience", "score")


def _count(audience: str, score: int) -> None:
    today = {"day": timezone.now().date(), "audience": audience, "score": score}
    rows = RatingCount.objects.filter(**today)
    if rows.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            RatingCount.objects.create(**today, count=1)
    except IntegrityError:  # the first two of the day came together
        rows.update(count=F("count") + 1)

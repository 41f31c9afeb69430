"""Local times of a practice. Inside the house time is UTC; the organisation's zone is outside."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def local_datetime(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """`day` and `clock` as an aware time in `zone`.

    Raises ValidationError where the clocks skip that time or show it twice: a patient must
    never have to guess which of two half past twos was meant.
    """
    early = datetime.combine(day, clock, tzinfo=zone)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    if early.astimezone(ZoneInfo("UTC")).astimezone(zone).time() != clock:
        raise ValidationError(
            _("The clocks are put forward that night: this time does not exist."), code="skipped"
        )
    raise ValidationError(
        _("The clocks are put back that night: this time happens twice."), code="twice"
    )

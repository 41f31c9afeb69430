"""The period of the administrator's dashboard (DEC-38)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from healthcompanion.core.day_field import DayField
from healthcompanion.statistics.queries import Period

CHOICES = {"7": 7, "30": 30, "90": 90, "365": 365}
STANDARD = "30"
LONGEST = 3 * 366  # as long as figures are kept


def last_days(number: int) -> Period:
    """The last `number` days in the activated zone, today included."""
    today = timezone.localdate()
    return Period(today - timedelta(days=number - 1), today)


class PeriodForm(forms.Form):
    """A period of one's own: both days, in order, not longer than figures are kept."""

    begin = DayField(label=pgettext_lazy("period", "From"))
    end = DayField(label=pgettext_lazy("period", "Until"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin: date | None = cleaned.get("begin")
        end: date | None = cleaned.get("end")
        if begin and end and end < begin:
            self.add_error("end", _("This day is before the first one."))
        elif begin and end and (end - begin).days >= LONGEST:
            self.add_error("begin", _("Figures are kept for three years. Please begin later."))
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["begin"], self.cleaned_data["end"])

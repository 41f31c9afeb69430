"""A day that somebody types or picks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class DayField(forms.DateField):
    """A date of this century: years far away are slips, and the last ones break sums."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": _("Please choose a day."),
                "invalid": _("Please enter the day like 24.12.2026."),
            },
            **values,
        )

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("Please check the year."))

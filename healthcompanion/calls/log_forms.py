"""Which calls somebody wants to see in the logs."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from healthcompanion.calls.call_log import Choice, Direction, Kind, TooMany, people_in_log
from healthcompanion.core.day_field import DayField
from healthcompanion.organisations.models import Organisation


class LogForm(forms.Form):
    """Period (days of the zone in which one works), kind and direction; nothing typed means all."""

    begin = DayField(label=pgettext_lazy("period", "From"), required=False)
    end = DayField(label=pgettext_lazy("period", "Until"), required=False)
    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[("", _("All")), *Direction.choices],
        error_messages={"invalid_choice": _("Please choose from the list.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of call"),
        required=False,
        choices=[("", _("All")), *Kind.choices],
        error_messages={"invalid_choice": _("Please choose from the list.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("begin"), cleaned.get("end")
        if begin and end and end < begin:
            self.add_error("end", _("This day is before the first one."))
        return cleaned

    @property
    def choice(self) -> Choice:
        """What a valid form says: whole days, however long they are when the clocks change."""
        begin, end = self.cleaned_data["begin"], self.cleaned_data["end"]
        return Choice(
            begin=_midnight(begin) if begin else None,
            end=_midnight(end + timedelta(days=1)) if end else None,
            kind=self.cleaned_data["kind"],
            direction=self.cleaned_data["direction"],
        )


class OrganisationLogForm(LogForm):
    """The same for administrators, who may look for a member's calls."""

    member = forms.CharField(label=_("Member"), required=False, max_length=100)
    people: list[int] | None = None

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_member(self) -> str:
        typed: str = self.cleaned_data["member"]
        if typed:
            try:
                self.people = people_in_log(self.organisation, typed)
            except TooMany as error:
                raise forms.ValidationError(
                    _("This fits too many members. Please type more of the name.")
                ) from error
        return typed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())

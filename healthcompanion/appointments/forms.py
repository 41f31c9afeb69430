"""The form "Termin erstellen": whom to invite, for when, and how the link gets there."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.phones import normalised_mobile
from healthcompanion.core.time import local_datetime
from healthcompanion.organisations.rules import SmsOffer

DURATIONS = (15, 20, 30, 45, 60)


def _professional_field(professionals: QuerySet[User]) -> forms.Field:
    field = forms.ModelChoiceField(
        label=_("Professional"),
        queryset=professionals,
        to_field_name="code",
        empty_label=None if len(professionals) == 1 else _("Please choose"),
        error_messages={
            "required": _("Please choose whose appointment it is."),
            "invalid_choice": _("This person can no longer be chosen. Please check the list."),
        },
    )
    field.label_from_instance = lambda user: user.full_name  # type: ignore[method-assign, assignment]  # Django's way
    return field


class AppointmentForm(forms.Form):
    """Who, how, when. All but the channel ticks are mandatory (PAT-7)."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        error_messages={"required": _("Please enter the patient's first name.")},
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        error_messages={"required": _("Please enter the patient's last name.")},
    )
    by_email = forms.BooleanField(label=_("Invite by e-mail"), required=False, initial=True)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,  # RFC 5321, and the column's width
        error_messages={
            "invalid": _("Please check the address: it should look like name@example.org.")
        },
    )
    by_sms = forms.BooleanField(label=_("Invite by SMS"), required=False)
    mobile = forms.CharField(label=_("Mobile number"), required=False, max_length=30)
    by_link = forms.BooleanField(label=_("Pass on the link yourself"), required=False)
    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please choose the day."),
            "invalid": _("Please enter the day like 24.12.2026."),
        },
    )
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Please choose the time."),
            "invalid": _("Please enter the time like 14:30."),
        },
    )
    duration_minutes = forms.IntegerField(
        label=_("Expected duration in minutes"),
        min_value=5,
        max_value=480,
        initial=20,
        error_messages={
            "required": _("Please enter how many minutes you expect."),
            "min_value": _("Please enter at least 5 minutes."),
            "max_value": _("Please enter at most 480 minutes (8 hours)."),
        },
    )
    reminders = forms.BooleanField(
        label=_("Remind the patient 24 hours and 1 hour before"), required=False, initial=True
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=[("de", _("German")), ("en", _("English"))],
    )
    message_consent = forms.BooleanField(
        label=_("The person has agreed to receive SMS and e-mail messages from me"),
        error_messages={
            "required": _("Without this agreement we must not write to the patient."),
        },
    )

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        region: str = "DE",
        sms: SmsOffer = "open",
        professionals: QuerySet[User] | None = None,
        **kwargs: Any,
    ) -> None:
        """With `professionals` the form asks whose appointment it is (assistants, DEC-7)."""
        super().__init__(*args, **kwargs)
        if professionals is not None:
            self.fields["professional"] = _professional_field(professionals)
        self.zone = zone
        self.region = region
        self.sms = sms
        if sms != "open":  # a disabled field takes nothing from the browser
            self.fields["by_sms"].disabled = self.fields["mobile"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Joins day and time in the practice's zone as `starts_at`."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(way) for way in ("by_email", "by_sms", "by_link")):
            self.add_error("by_email", self._no_way())
        if cleaned.get("by_email") and not cleaned.get("email") and not self.has_error("email"):
            self.add_error("email", _("Please enter the address for the invitation."))
        self._clean_mobile(cleaned)
        self._clean_start(cleaned)
        return cleaned

    def _no_way(self) -> str:
        if self.sms == "open":
            return gettext(
                "Please choose how the patient gets the link: by e-mail, by SMS, or from you."
            )
        return gettext("Please choose how the patient gets the link: by e-mail, or from you.")

    def _clean_mobile(self, cleaned: dict[str, Any]) -> None:
        """The number as it is stored; nothing where no SMS is wanted."""
        if not cleaned.get("by_sms"):
            self.errors.pop("mobile", None)
            cleaned["mobile"] = ""
        elif not cleaned.get("mobile") and not self.has_error("mobile"):
            self.add_error("mobile", _("Please enter the mobile number for the invitation."))
        elif cleaned.get("mobile"):
            try:
                cleaned["mobile"] = normalised_mobile(cleaned["mobile"], self.region)
            except forms.ValidationError as error:
                self.add_error("mobile", error)

    def _clean_start(self, cleaned: dict[str, Any]) -> None:
        if "date" not in cleaned or "time" not in cleaned:
            return
        try:
            starts_at = local_datetime(cleaned["date"], cleaned["time"], self.zone)
        except forms.ValidationError as error:
            self.add_error("time", error)
            return
        now = timezone.now()
        if starts_at < now - timedelta(hours=1):
            past_day = cleaned["date"] < timezone.localtime(now, self.zone).date()
            self.add_error(
                "date" if past_day else "time",
                _("This time has passed. Please choose a later one."),
            )
        if starts_at > now + timedelta(days=2 * 366):
            self.add_error("date", _("Please choose a day within the next two years."))
        cleaned["starts_at"] = starts_at

"""What a professional types to add a person to a running call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healthcompanion.core.phones import normalised_mobile
from healthcompanion.guests.models import Guest

ROLES = [choice for choice in Guest.Role.choices if choice[0] != Guest.Role.PATIENT]


class PersonForm(forms.Form):
    """Name and role; by which ways the link goes out, if not by the professional."""

    first_name = forms.CharField(
        max_length=80, error_messages={"required": _("Please enter the first name.")}
    )
    last_name = forms.CharField(
        max_length=80, error_messages={"required": _("Please enter the last name.")}
    )
    role = forms.ChoiceField(
        choices=ROLES, error_messages={"required": _("Please choose as what the person comes.")}
    )
    language = forms.ChoiceField(choices=[("de", _("German")), ("en", _("English"))])
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={
            "invalid": _("Please check the address: it should look like name@example.org.")
        },
    )
    mobile = forms.CharField(required=False, max_length=30)
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, region: str, has_sms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        self.fields["mobile"].disabled = not has_sms  # takes nothing from the browser then

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"] or ""
        return normalised_mobile(typed, self.region) if typed else ""

    def clean(self) -> dict[str, Any]:
        """Nobody is written to who has not agreed."""
        cleaned = super().clean() or {}
        if (cleaned.get("email") or cleaned.get("mobile")) and not cleaned.get("consent"):
            self.add_error("consent", _("Without this agreement we must not write to the person."))
        return cleaned

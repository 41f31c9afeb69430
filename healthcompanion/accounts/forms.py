"""What people change of their own account."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import Preferences, User

COUNTRIES = [("DE", _("Germany")), ("AT", _("Austria")), ("CH", _("Switzerland"))]
MISSING = {
    "street": _("Please enter street and number."),
    "postal_code": _("Please enter the postal code."),
    "city": _("Please enter the city."),
}


class ProfileForm(forms.ModelForm[User]):
    """Contact data; name and e-mail address change by request (DEC-10)."""

    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)

    class Meta:
        model = User
        fields: ClassVar = ["street", "postal_code", "city", "country", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in MISSING.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = text


class DevicesForm(forms.ModelForm[Preferences]):
    """Names of devices, as the browser tells them."""

    class Meta:
        model = Preferences
        fields: ClassVar = ["camera", "microphone", "speaker"]
        labels: ClassVar = {
            "camera": _("Camera"),
            "microphone": _("Microphone"),
            "speaker": _("Speaker"),
        }

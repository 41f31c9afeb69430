"""The form for another name or e-mail address (DEC-10)."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from healthcompanion.accounts.models import User
from healthcompanion.support.models import ChangeRequest

NAMES = ("first_name", "last_name", "email")


class ChangeForm(forms.ModelForm[ChangeRequest]):
    """Everything as it is to be; something of it must be new."""

    class Meta:
        model = ChangeRequest
        fields: ClassVar = [*NAMES, "reason"]
        widgets: ClassVar = {"reason": forms.Textarea(attrs={"rows": 3})}
        error_messages: ClassVar = {
            "first_name": {"required": gettext_lazy("Please enter your first name.")},
            "last_name": {"required": gettext_lazy("Please enter your last name.")},
            "email": {
                "required": gettext_lazy("Please enter your e-mail address."),
                "invalid": gettext_lazy("Please enter a full e-mail address: name@example.org"),
            },
        }

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in NAMES})
        self.user = user

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and all(values[name] == getattr(self.user, name) for name in NAMES):
            raise forms.ValidationError(_("Please change what is to be different."))
        return values

"""The support form (DEC-30)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healthcompanion.support.models import SupportRequest


class SupportForm(forms.ModelForm[SupportRequest]):
    """Subject and description; the report only if the person ticked that it may go along."""

    class Meta:
        model = SupportRequest
        fields = ("subject", "description", "report")
        widgets = {"description": forms.Textarea(attrs={"rows": 7})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].error_messages["required"] = _(
            "Please say in a few words what it is about."
        )
        self.fields["description"].error_messages["required"] = _("Please describe what happened.")
        self.fields["report"].widget = forms.HiddenInput()

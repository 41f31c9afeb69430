"""The support form (DEC-30)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healthcompanion.support.models import SupportRequest

REPORT_AT_MOST = 4000  # characters; a report of the page's has some hundred


class SupportForm(forms.ModelForm[SupportRequest]):
    """Subject and description; the report only if the person ticked that it may go along."""

    report = forms.CharField(required=False, widget=forms.HiddenInput())

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

    def clean_report(self) -> str:
        """What the page found out is cut rather than refused: nobody could make it shorter."""
        return str(self.cleaned_data["report"])[:REPORT_AT_MOST]

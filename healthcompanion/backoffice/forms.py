"""What the staff are asked before they decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from healthcompanion.organisations.suspension import Reason


class ReasonForm(forms.Form):
    """Why: for the audit trail, and for the colleague who is asked about it next year."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Please choose")), *Reason.choices],
        error_messages={
            "required": _("Please choose a reason."),
            "invalid_choice": _("Please choose a reason."),
        },
    )


class RefusalForm(forms.Form):
    """Why not, in words that the person reads."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say why: the person reads it.")},
    )

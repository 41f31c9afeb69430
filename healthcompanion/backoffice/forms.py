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

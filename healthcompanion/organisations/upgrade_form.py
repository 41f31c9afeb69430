"""What an individual account needs to become an organisation (DEC-8)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.forms import COUNTRIES
from healthcompanion.accounts.models import User
from healthcompanion.organisations.forms import CONTACT, MISSING, MISSING_OF_KIND


class UpgradeForm(forms.Form):
    """Name and address of the organisation; the address is the person's until they change it."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    street = forms.CharField(label=_("Address"), max_length=120)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12)
    city = forms.CharField(label=_("City"), max_length=80)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    phone = forms.CharField(label=_("Phone number"), max_length=30, required=False)
    confirmed = forms.BooleanField(
        label=_("I want an organisation account. I know that there is no way back."),
        error_messages={"required": _("Please confirm that you want an organisation account.")},
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in CONTACT})
        self.fields["name"].error_messages["required"] = MISSING_OF_KIND["organisation_name"]
        for name in ("street", "postal_code", "city"):
            self.fields[name].error_messages["required"] = MISSING[name]

    @property
    def details(self) -> dict[str, str]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("name", *CONTACT)}

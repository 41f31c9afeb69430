"""What guests type and tell."""

import re
from typing import Literal

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """The person's real name (DEC-14)."""

    name = forms.CharField(
        max_length=160,
        error_messages={
            "required": _("Please enter your first name and last name."),
            "max_length": _("Please enter at most 160 characters."),
        },
    )

    def clean_name(self) -> str:
        """One line of readable text with at least two letters."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if len(re.findall(r"[^\W\d_]", name)) < 2:
            raise forms.ValidationError(_("Please enter your first name and last name."))
        return name


class NameBody(msgspec.Struct, forbid_unknown_fields=True):
    """Body of the confirmed name."""

    name: str = ""


class DevicesBody(msgspec.Struct, forbid_unknown_fields=True):
    """Body of entering the waiting room: what there is to see and hear with."""

    camera: bool = False
    microphone: bool = False


class CheckBody(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a checked device; null for what was not tried."""

    camera: bool | None = None
    microphone: bool | None = None
    speaker: bool | None = None
    path: Literal["direct", "relayed", "none", ""] = ""
    slow: bool | None = None

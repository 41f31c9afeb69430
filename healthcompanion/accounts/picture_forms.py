"""The file field of pictures: what arrives in `cleaned_data` was drawn by us."""

from collections.abc import Callable
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.pictures import NoPicture, fitted_picture, square_picture

MAX_OCTETS = 2_500_000  # a larger body is not let in at all (realtime.bodies)
FAULTS: dict[str, Any] = {
    "unreadable": _("This file is no picture that we can read. Please choose a JPEG, PNG or WebP."),
    "huge": _("This picture is too large. Please choose a smaller one."),
    "tiny": _("This picture is too small. It needs at least 32 pixels on each side."),
}


class PictureField(forms.FileField):
    """Gives the octets of a small WebP; says in words what is wrong with a file."""

    def __init__(self, draw: Callable[[IO[bytes]], bytes], **kwargs: Any) -> None:
        self.draw = draw
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"
        self.error_messages["required"] = _("Please choose a picture first.")
        self.error_messages["empty"] = FAULTS["unreadable"]

    def clean(self, data: Any, initial: Any = None) -> bytes:
        file = super().clean(data, initial)
        if file.size > MAX_OCTETS:
            raise ValidationError(FAULTS["huge"])
        try:
            return self.draw(file)
        except NoPicture as error:
            raise ValidationError(FAULTS[error.fault]) from error


class PictureForm(forms.Form):
    """A picture of oneself."""

    file = PictureField(square_picture, label=_("Choose a picture"))


class LogoForm(forms.Form):
    """The logo of an organisation."""

    file = PictureField(fitted_picture, label=_("Choose a picture"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The browser sends it as it is; a picture of oneself is cut there first.
        attrs = self.fields["file"].widget.attrs
        attrs["data-max-octets"], attrs["data-text-too-large"] = str(MAX_OCTETS), FAULTS["huge"]

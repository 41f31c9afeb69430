"""The proof of a professional: a PDF or a picture, known by its content and never by its name."""

from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from healthcompanion.accounts.models import Verification
from healthcompanion.accounts.pictures import MAX_PIXELS
from healthcompanion.accounts.verification import open_proof
from healthcompanion.core.sealing import NotSealed

MAX_OCTETS = 2_500_000  # a larger body is not let in at all (realtime.bodies)
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
UNREADABLE = _("This file is no PDF, JPEG or PNG that we can read. Please choose another one.")
TOO_LARGE = _("This file is larger than 2.5 MB. Please choose a smaller one.")


def media_type_of(data: bytes) -> str:
    """`application/pdf`, `image/jpeg` or `image/png`; "" for everything else.

    A PDF begins with its version and ends with its end mark (ISO 32000-1, 7.5.2 and 7.5.5); a
    picture has to open.
    """
    if data.startswith(b"%PDF-"):
        return "application/pdf" if b"%%EOF" in data[-1024:] else ""
    try:
        with Image.open(BytesIO(data), formats=tuple(PICTURES)) as image:
            if image.width * image.height > MAX_PIXELS:
                return ""
            image.load()
            return PICTURES.get(image.format or "", "")
    except (
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        return ""


class ProofField(forms.FileField):
    """Gives octets and media type; says in words what is wrong with a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(ENDINGS)
        self.widget.attrs["data-max-octets"] = str(MAX_OCTETS)
        self.widget.attrs["data-text-too-large"] = TOO_LARGE
        self.error_messages["required"] = _("Please choose a file first.")
        self.error_messages["empty"] = UNREADABLE

    def clean(self, data: Any, initial: Any = None) -> tuple[bytes, str]:
        file = super().clean(data, initial)
        if file.size > MAX_OCTETS:
            raise ValidationError(TOO_LARGE)
        octets = file.read()
        media_type = media_type_of(octets)
        if not media_type:
            raise ValidationError(UNREADABLE)
        return octets, media_type


class ProofForm(forms.Form):
    """The Approbationsnachweis (DEC-11)."""

    file = ProofField(label=_("Choose a file"))


def document_response(row: Verification) -> HttpResponse:
    """To be saved, never shown within our own pages. Raises Http404 once it is deleted."""
    try:
        data = open_proof(row)
    except NotSealed:
        data = b""
    if not data:
        raise Http404
    response = HttpResponse(data, content_type=row.media_type)
    name = f"nachweis-{row.code[:4]}.{ENDINGS[row.media_type]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

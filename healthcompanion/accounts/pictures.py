"""Pictures of people and organisations: looked at, made small, and written anew.

What is stored was drawn by us: nothing that somebody hid in the file, no place, no camera.
"""

from io import BytesIO
from typing import IO, Literal

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from healthcompanion.accounts.models import Picture, User
from healthcompanion.core import audit

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000  # a picture of a good phone; more unfolds to hundreds of megabytes
PERSON_SIZE = 256
LOGO_SIZE = (480, 160)
Fault = Literal["unreadable", "huge", "tiny"]
SMALLEST = 32


class NoPicture(Exception):
    """The file cannot be taken; `fault` is "unreadable", "huge" or "tiny"."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def square_picture(file: IO[bytes], size: int = PERSON_SIZE) -> bytes:
    """The middle of the picture as a square WebP of `size` pixels. Raises NoPicture."""
    image = _opened(file).convert("RGB")
    return _written(ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS))


def fitted_picture(file: IO[bytes], size: tuple[int, int] = LOGO_SIZE) -> bytes:
    """The whole picture within `size` (width, height in pixels), never enlarged, as a WebP that
    may be see-through. Raises NoPicture."""
    image = _opened(file).convert("RGBA")
    image.thumbnail(size, Image.Resampling.LANCZOS)
    return _written(image)


def _opened(file: IO[bytes]) -> Image.Image:
    try:
        with Image.open(file, formats=FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise NoPicture("huge")
            if min(width, height) < SMALLEST:
                raise NoPicture("tiny")
            image.load()
            return ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise NoPicture("huge") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NoPicture("unreadable") from error


def _written(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=82, method=4, exif=b"", icc_profile=None)
    return written.getvalue()


@transaction.atomic
def set_picture(user: User, data: bytes) -> None:
    """`data`, a result of `square_picture`, takes the place of the former picture."""
    former = user.picture
    user.picture = Picture.objects.create(data=data)
    user.save(update_fields=["picture"])
    if former is not None:
        former.delete()
    audit.record("picture.changed", user, actor=user, organisation_id=None)


@transaction.atomic
def remove_picture(user: User) -> bool:
    """Only initials are left; False where there was no picture."""
    if user.picture is None:
        return False
    user.picture.delete()  # the reference empties itself
    audit.record("picture.removed", user, actor=user, organisation_id=None)
    return True

"""A picture of oneself and the logo: what is taken, what is stored, who sees it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from healthcompanion.accounts import pictures
from healthcompanion.accounts.models import Picture, User
from healthcompanion.accounts.pictures import NoPicture, fitted_picture, set_picture, square_picture
from healthcompanion.appointments.models import Appointment
from healthcompanion.organisations.models import Organisation
from tests.infrastructure.clients import signed_in

PLACE = 0x8825  # EXIF: where a camera was
TURNED = 0x0112
PAGE, SETTINGS = "/settings/profile/picture/", "/settings/profile/"
LOGO = "/administration/organisation/logo/"


def file_of(
    size: tuple[int, int] = (300, 200), kind: str = "JPEG", *, turned: bool = False
) -> BytesIO:
    image = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[PLACE] = {1: "N"}
    if turned:
        exif[TURNED] = 6
        image.paste((0, 0, 200), (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.save(file, kind, exif=exif)
    file.seek(0)
    return file


def upload(file: BytesIO, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, file.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_square_without_traces(kind: str) -> None:
    drawn = Image.open(BytesIO(square_picture(file_of(kind=kind))))

    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("WEBP", (256, 256), {})


def test_a_turned_photo_stands_upright() -> None:
    drawn = Image.open(BytesIO(fitted_picture(file_of((160, 100), turned=True))))

    assert drawn.size == (100, 160)
    red, _green, blue, _alpha = drawn.convert("RGBA").getpixel((50, 20))  # type: ignore[misc]  # of RGBA
    assert blue > red


def test_a_logo_keeps_its_shape_and_is_not_enlarged() -> None:
    wide = Image.open(BytesIO(fitted_picture(file_of((2400, 400)))))
    small = Image.open(BytesIO(fitted_picture(file_of((60, 40)))))

    assert (wide.size, small.size) == ((480, 80), (60, 40))


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (lambda: BytesIO(b"no picture"), "unreadable"),
        (lambda: BytesIO(file_of().getvalue()[:300]), "unreadable"),
        (lambda: BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "unreadable"),
        (lambda: file_of(kind="GIF"), "unreadable"),
        (lambda: file_of((20, 400)), "tiny"),
    ],
)
def test_what_is_no_picture_is_refused(file: Callable[[], BytesIO], fault: str) -> None:
    with pytest.raises(NoPicture) as refused:
        square_picture(file())

    assert refused.value.fault == fault


def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 300 * 200 - 1)

    with pytest.raises(NoPicture, match="huge"):
        square_picture(file_of())


def test_the_new_one_takes_the_place_of_the_former(professional: User) -> None:
    client = signed_in(professional)
    client.post(PAGE, {"file": upload(file_of())})
    first = Picture.objects.get()

    client.post(PAGE, {"file": upload(file_of((90, 90)))})

    professional.refresh_from_db()
    assert Picture.objects.get() == professional.picture != first
    client.post(f"{PAGE}removal/")
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Bitte wählen Sie zuerst ein Bild aus."),
        (BytesIO(b"no picture"), "kein Bild, das wir lesen können"),
        (BytesIO(), "kein Bild, das wir lesen können"),
    ],
)
def test_a_wrong_file_is_named_beside_the_field(
    professional: User, file: BytesIO | None, sentence: str
) -> None:
    answer = signed_in(professional).post(PAGE, {"file": upload(file)} if file else {})

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_the_house_sees_it_and_nobody_else(
    professional: User, colleague: User, pending: User, stranger: User
) -> None:
    set_picture(professional, square_picture(file_of()))
    assert professional.picture is not None
    url = f"/pictures/{professional.picture.code}/"

    answer = signed_in(colleague).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "private" in answer["Cache-Control"]
    assert [signed_in(user).get(url).status_code for user in (pending, stranger)] == [404, 404]
    assert Client().get(url).status_code == 302


def test_patients_see_picture_and_logo_within_their_page(
    professional: User, appointment: Appointment, organisation: Organisation, administrator: User
) -> None:
    link = appointment.link_url.removeprefix("http://localhost:8000")
    assert "data:image/webp" not in Client().get(link).content.decode()
    set_picture(professional, square_picture(file_of()))
    signed_in(administrator).post(LOGO, {"file": upload(file_of((400, 100)))})

    assert Client().get(link).content.decode().count("data:image/webp;base64,") == 2


def test_a_logo_is_set_refused_and_removed(administrator: User, organisation: Organisation) -> None:
    chief = signed_in(administrator)
    answer = chief.post(LOGO, {"file": upload(BytesIO(b"no picture"))})
    assert (answer.status_code, Picture.objects.count()) == (422, 0)
    chief.post(LOGO, {"file": upload(file_of((400, 100)))})
    organisation.refresh_from_db()
    assert organisation.logo is not None
    assert "house-logo" in chief.get("/administration/organisation/").content.decode()

    chief.post(LOGO, {"remove": "1"})

    assert not Organisation.objects.filter(logo__isnull=False).exists()
    assert not Picture.objects.exists()

"""A picture of oneself: chosen, cut, sent, and seen by the patient."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.people import patient_link, professional, sign_in
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server


def halves() -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (1200, 600), (200, 0, 0))
    image.paste((0, 0, 200), (600, 0, 1200, 600))
    file = BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def test_the_part_that_was_chosen_is_what_the_patient_sees(
    server: Server, person: Callable[..., Person]
) -> None:
    account = professional(server)
    _code, link = patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    sign_in(anna, account)
    page = anna.goto("/settings/profile/")
    crop, choose = page.locator("picture-crop"), page.locator("#id_file")
    choose.set_input_files({"name": "me.heic", "mimeType": "image/heic", "buffer": b"none"})
    expect(crop.get_by_text("kein Bild, das wir lesen können")).to_be_visible()

    choose.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": halves()})
    canvas = crop.locator("canvas")
    expect(canvas).to_be_visible()
    canvas.focus()
    for _ in range(40):  # the picture to the right, up to its left edge
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Bild speichern").click()
    expect(page.get_by_text("Ihr Bild ist gespeichert.")).to_be_visible()
    expect(page.locator(".portrait img")).to_be_visible()

    greeting = paul.goto(link).locator(".avatar img")
    expect(greeting).to_be_visible()
    colour = greeting.evaluate("""(image) => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 2;
        const pen = canvas.getContext("2d");
        pen.drawImage(image, 0, 0, 2, 2);
        return [...pen.getImageData(0, 0, 2, 2).data];
    }""")
    assert min(colour[0::4]) > max(colour[2::4]) + 100  # red alone
    page.get_by_role("button", name="Bild entfernen").click()
    expect(page.locator(".portrait img")).to_have_count(0)

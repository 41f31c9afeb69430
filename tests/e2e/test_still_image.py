""" "Bildschirmfoto": only with the other side's permission, only on the device of who asked."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server, running_server

PNG = b"\x89PNG\r\n\x1a\n"


def ask(page: Page) -> None:
    page.get_by_role("button", name="Mehr", exact=True).click()
    page.locator("[data-panel=tools]").get_by_role("button", name="Bildschirmfoto").click()


def test_image_is_saved_after_a_yes_and_both_are_told(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person)
    patient.locator("[data-part=camera]").focus()
    ask(doctor)
    question = patient.locator("[data-part=image-ask]")
    expect(question).to_contain_text("Anna Berger möchte ein Bildschirmfoto von Ihnen speichern.")
    expect(patient.locator("[data-part=camera]")).to_be_focused()  # nothing takes the focus
    expect(doctor.get_by_text("Paul Patient wird gefragt")).to_be_visible()
    with doctor.expect_download() as saved:
        patient.get_by_role("button", name="Erlauben").click()

    assert saved.value.suggested_filename.startswith("Bildschirmfoto-20")
    content = saved.value.path().read_bytes()
    assert content[:8] == PNG
    size = doctor.locator("[data-part=remote]").evaluate("v => [v.videoWidth, v.videoHeight]")
    assert [int.from_bytes(content[at : at + 4], "big") for at in (16, 20)] == size
    expect(doctor.get_by_text("wurde auf diesem Gerät")).to_be_visible()
    expect(patient.get_by_text("Dr. Anna Berger hat ein Bildschirmfoto von")).to_be_visible()
    expect(question).to_be_hidden()


def test_no_is_respected_and_not_asked_again_and_a_dark_camera_is_not_asked(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person)
    downloads: list[str] = []
    for page in (doctor, patient):
        page.on("download", lambda download: downloads.append(download.suggested_filename))
    ask(patient)  # guests may ask too
    doctor.get_by_role("button", name="Ablehnen").click()
    expect(patient.get_by_text("Dr. Anna Berger möchte kein Bildschirmfoto.")).to_be_visible()
    ask(patient)
    expect(patient.get_by_text("Sie haben gerade erst gefragt.")).to_be_visible()
    expect(doctor.locator("[data-part=image-ask]")).to_be_hidden()

    patient.keyboard.press("c")
    expect(doctor.locator("call-stage")).not_to_have_attribute("data-picture", "")
    ask(doctor)
    expect(doctor.get_by_text("Im Moment gibt es kein Bild")).to_be_visible()
    expect(patient.locator("[data-part=image-ask]")).to_be_hidden()
    assert downloads == []


@pytest.fixture
def strict(all_mail: object) -> Iterator[Server]:
    """Its operator wants no still images."""
    with running_server(HC_DEMO="1", HC_STILL_IMAGES="off") as started:
        yield started
        assert not started.trouble()


def test_operator_switches_it_off(strict: Server, person: Callable[..., Person]) -> None:
    doctor, patient = people.in_call(strict, person)
    doctor.get_by_role("button", name="Mehr", exact=True).click()
    expect(doctor.get_by_role("button", name="Bildschirm teilen").last).to_be_visible()

    for page in (doctor, patient):
        assert page.locator("[data-action=still-image], [data-part=image-ask]").count() == 0

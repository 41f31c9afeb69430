"""A relative beside doctor and patient: added by link, let in, removed, in again, gone, refused.

Three browsers share two cores, so their pictures are small.
"""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.people import call, enter_waiting_room, patient_link, professional, sign_in
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server

SMALL = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wish) => ask(
  wish.video ? {...wish, video: {width: 320, height: 240, frameRate: 10}} : wish);
"""
FRAMES = """
() => Promise.all(document.querySelector('call-stage').connections().map(async (connection) => {
  let frames = 0;
  for (const report of (await connection.getStats()).values())
    if (report.type === 'inbound-rtp' && report.kind === 'video')
      frames += report.framesDecoded ?? 0;
  return frames;
}))
"""
CODE = "() => document.querySelector('[data-part=code]').textContent"


def frames(page: Page) -> list[int]:
    """Decoded frames of each of the others."""
    return list(page.evaluate(FRAMES))


def wait_for_pictures(pages: list[Page], others: int, seconds: float = 30) -> None:
    """Until each page decodes new frames of each of the `others`."""
    until = time.monotonic() + seconds
    before = [frames(page) for page in pages]
    while True:
        pages[0].wait_for_timeout(1000)
        now = [frames(page) for page in pages]
        if all(
            len(old) == len(new) == others and all(map(int.__lt__, old, new))
            for old, new in zip(before, now, strict=True)
        ):
            return
        assert time.monotonic() < until, f"not everybody is seen: {before} -> {now}"
        before = now


def wait_for_common_code(pages: list[Page], seconds: float = 15) -> None:
    """Until all pages show the same security code."""
    until = time.monotonic() + seconds
    while True:
        codes = {str(page.evaluate(CODE)).strip() for page in pages}
        if len(codes) == 1 and re.fullmatch(r"\d{4} \d{4}", next(iter(codes))):
            return
        assert time.monotonic() < until, f"no common code: {codes}"
        pages[0].wait_for_timeout(200)


def add_relative(doctor: Person) -> str:
    """ "Person hinzufügen"; the link that can be copied."""
    page = doctor.page
    page.locator("[data-part=more]").click()
    page.get_by_role("button", name="Personen ansehen").click()
    page.get_by_role("button", name="Person hinzufügen").click()
    page.get_by_role("button", name="Einladen", exact=True).click()
    expect(page.get_by_text("Bitte geben Sie den Vornamen ein.")).to_be_visible()
    page.get_by_label("Vorname").fill("Rita")
    page.get_by_label("Nachname").fill("Relative")
    page.get_by_role("button", name="Einladen", exact=True).click()
    row = page.locator("[data-part=invited] li")
    expect(row).to_contain_text("Rita Relative")
    link = row.locator("[data-copy]").get_attribute("data-copy")
    page.keyboard.press("Escape")
    return link or ""


def names_on(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("[data-part=tile-name]").all_inner_texts()]


def test_relative_is_let_in_seen_by_all_removed_and_knocks_again(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = person("Doctor", server), person("Patient", server, phone=True)
    relative = person("Relative", server)
    for someone in (doctor, patient, relative):
        someone.context.add_init_script(SMALL)
    doctor.expects("status of 422")
    relative.expects("status of 410")  # the last thing that their page asks for
    account = professional(server)
    code, link = patient_link(server, account)
    sign_in(doctor, account)
    doctor.goto(f"/patients/{code}/")
    enter_waiting_room(patient, link)
    call(doctor, patient)
    wait_for_pictures([doctor.page, patient.page], others=1)
    expect(doctor.page.locator(".stage-tile")).to_have_count(0)
    expect(doctor.page.locator(".stage__badge--people")).to_be_hidden()

    enter_waiting_room(relative, add_relative(doctor))
    knock = doctor.page.locator("[data-part=door] li")
    expect(knock).to_contain_text("Rita Relative")
    expect(knock).to_contain_text("Angehörige/r")
    assert frames(relative.page) == []
    doctor.page.get_by_role("button", name="Hereinlassen").click()
    expect(relative.page.locator("call-stage")).to_have_attribute("data-state", "active")
    pages = [doctor.page, patient.page, relative.page]
    wait_for_pictures(pages, others=2)
    wait_for_pictures(pages, others=2, seconds=10)  # and goes on
    assert names_on(doctor.page) == ["Paul Patient", "Rita Relative"]
    assert names_on(patient.page) == ["Dr. Anna Berger", "Rita Relative"]
    assert names_on(relative.page) == ["Dr. Anna Berger", "Paul Patient"]
    expect(patient.page.locator("[data-part=people-news]")).to_have_text(
        "Rita Relative: ist jetzt im Gespräch."
    )
    wait_for_common_code(pages)

    relative.page.reload()  # back without being let in again
    wait_for_pictures(pages, others=2)

    doctor.page.locator(".stage__badge--people").click()
    row = doctor.page.locator("[data-part=people-list] li", has_text="Rita Relative")
    row.get_by_role("button", name="Rita Relative entfernen", exact=True).click()
    row.get_by_role("button", name="Aus dem Gespräch entfernen").click()
    expect(relative.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    wait_for_pictures(pages[:2], others=1)
    expect(patient.page.locator(".stage-tile")).to_have_count(0)

    relative.page.get_by_role("button", name="Zurück ins Wartezimmer").click()
    expect(knock).to_contain_text("Rita Relative")
    assert frames(relative.page) == []
    doctor.page.get_by_role("button", name="Hereinlassen").click()
    wait_for_pictures(pages, others=2)

    relative.page.get_by_role("button", name="Auflegen").click()
    wait_for_pictures(pages[:2], others=1)
    relative.page.get_by_role("button", name="Zurück ins Wartezimmer").click()
    expect(knock).to_contain_text("Rita Relative")
    doctor.page.get_by_role("button", name="Abweisen").click()
    expect(relative.page.get_by_role("heading", name="Dieser Link")).to_be_visible()
    wait_for_pictures(pages[:2], others=1)


def test_end_reaches_who_waits_at_the_door_and_the_link_says_so(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = person("Doctor", server), person("Patient", server)
    relative = person("Relative", server, phone=True)
    for someone in (doctor, patient, relative):
        someone.context.add_init_script(SMALL)
    doctor.expects("status of 422")
    account = professional(server)
    code, link = patient_link(server, account)
    sign_in(doctor, account)
    doctor.goto(f"/patients/{code}/")
    enter_waiting_room(patient, link)
    call(doctor, patient)
    invitation = add_relative(doctor)
    enter_waiting_room(relative, invitation)
    expect(doctor.page.locator("[data-part=door] li")).to_contain_text("Rita Relative")

    doctor.page.get_by_role("button", name="Auflegen").click()

    page, heading = relative.page, "Das Gespräch ist beendet"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("Geht das Gespräch später weiter?")).to_be_visible()
    expect(page.get_by_role("button", name="Zurück ins Wartezimmer")).to_be_hidden()
    expect(patient.page.get_by_role("button", name="Zurück ins Wartezimmer")).to_be_visible()

    relative.goto(invitation)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("button", name="Teilnehmen")).to_have_count(0)

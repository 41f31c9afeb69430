""" "Bildschirm teilen": what one shows, the other one sees."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.media import assert_media_flows, wait_for_picture
from tests.infrastructure.server import Server

# Frames of the third seat, decoded here, and how many descriptions the connection has had so far.
SCREEN = """async () => {
  const [connection] = document.querySelector('call-stage').connections();
  const {receiver} = connection.getTransceivers()[2];
  const reports = [...(await receiver.getStats()).values()];
  return {
    frames: reports.find(({type}) => type === 'inbound-rtp')?.framesDecoded ?? 0,
    version: connection.localDescription.sdp.match(/^o=\\S+ \\S+ (\\d+)/m)[1],
  };
}"""


def share(page: Page) -> None:
    page.get_by_role("button", name="Mehr", exact=True).click()
    page.locator("[data-panel=tools]").get_by_role("button", name="Bildschirm teilen").click()


def wait_for_screen(page: Page, more_than: int = 0) -> int:
    expect(page.locator("call-stage")).to_have_attribute("data-screen", "")
    for _ in range(100):
        frames: int = page.evaluate(SCREEN)["frames"]
        if frames > more_than:
            return frames
        page.wait_for_timeout(100)
    raise AssertionError("nothing of the shared screen arrives")


def test_screen_is_seen_large_and_ends_by_either_button(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person)
    before = doctor.evaluate(SCREEN)["version"], patient.evaluate(SCREEN)["version"]

    share(doctor)
    first = wait_for_screen(patient)
    wait_for_screen(patient, first)
    expect(doctor.get_by_text("Ihr Bildschirm wird gezeigt.")).to_be_visible()
    expect(patient.get_by_text("Anna Berger teilt den Bildschirm")).to_be_visible()
    screen = patient.locator("[data-part=screen]")
    face = patient.locator("[data-part=remote]")
    assert screen.evaluate("video => getComputedStyle(video).objectFit") == "contain"
    large, small = screen.bounding_box(), face.bounding_box()
    assert large
    assert small
    assert large["width"] > 4 * small["width"]
    assert_media_flows(doctor, patient, seconds=2)
    assert (doctor.evaluate(SCREEN)["version"], patient.evaluate(SCREEN)["version"]) == before

    doctor.get_by_role("button", name="Teilen beenden").click()
    expect(patient.locator("call-stage")).not_to_have_attribute("data-screen", "")
    expect(patient.get_by_text("teilt den Bildschirm")).to_be_hidden()

    # The guest may too; the browser's own "Stop" ends the track under the page.
    share(patient)
    wait_for_screen(doctor)
    share(doctor)
    expect(doctor.get_by_text("Paul Patient teilt gerade den Bildschirm.")).to_be_visible()
    expect(patient.locator("call-stage")).not_to_have_attribute("data-screen", "")
    patient.evaluate("""() => {
      const [connection] = document.querySelector('call-stage').connections();
      connection.getTransceivers()[2].sender.track.dispatchEvent(new Event('ended'));
    }""")
    expect(doctor.locator("call-stage")).not_to_have_attribute("data-screen", "")
    expect(patient.get_by_text("Ihr Bildschirm wird gezeigt.")).to_be_hidden()


def test_screen_is_refused_without_a_choice_comes_back_after_a_reload_and_not_into_the_next_call(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person)
    patient.evaluate("""() => {
      const real = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
      let asked = 0;
      navigator.mediaDevices.getDisplayMedia = (wish) => (asked += 1) > 1 ? real(wish) :
        Promise.reject(new DOMException('no', 'NotAllowedError'));
    }""")
    share(patient)
    expect(patient.get_by_text("Ihr Bildschirm wird nicht gezeigt.")).to_be_visible()
    expect(doctor.locator("call-stage")).not_to_have_attribute("data-screen", "")

    patient.keyboard.press("s")
    wait_for_screen(doctor)
    doctor.on("dialog", lambda dialog: dialog.accept())
    doctor.reload()
    wait_for_picture(doctor)
    wait_for_screen(doctor)

    doctor.get_by_role("button", name="Auflegen").click()
    expect(patient.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    expect(doctor.locator("call-stage")).not_to_have_attribute("data-screen", "")


def test_phones_are_not_offered_what_their_browser_cannot_do(
    server: Server, person: Callable[..., Person]
) -> None:
    patient = person("Paul", server, phone=True)
    patient.context.add_init_script("delete MediaDevices.prototype.getDisplayMedia")
    _, link = people.patient_link(server, people.professional(server))
    people.enter_waiting_room(patient, link)

    assert patient.page.locator("[data-action=share-screen]").count() >= 1
    for button in patient.page.locator("[data-action=share-screen]").all():
        expect(button).to_have_attribute("hidden", "")

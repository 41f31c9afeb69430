"""Another camera, microphone or speaker while people talk."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e import people
from tests.infrastructure.browser import Person, launched
from tests.infrastructure.media import assert_media_flows
from tests.infrastructure.server import Server

USED = """() => {
  const [connection] = document.querySelector('call-stage').connections();
  const [sound, picture] = connection.getTransceivers().map(({sender}) => sender.track);
  return {
    microphone: sound?.getSettings().deviceId, camera: picture?.getSettings().deviceId,
    speaker: document.querySelector('[data-part=remote]').sinkId,
  };
}"""
# Chromium's second invented camera measures distances: nothing that a call could show.
HIDE = """(() => {
  const {enumerateDevices} = MediaDevices.prototype;
  MediaDevices.prototype.enumerateDevices = async function () {
    return (await enumerateDevices.call(this)).filter(({label}) => label !== 'fake_device_1');
  };
})()"""
# As if the camera in use had been pulled out: the browser ends its track and no longer lists it.
UNPLUG = """() => {
  const {mediaDevices} = navigator;
  const [connection] = document.querySelector('call-stage').connections();
  const {track} = connection.getTransceivers()[1].sender;
  window.gone = track.getSettings().deviceId;
  const {getUserMedia, enumerateDevices} = MediaDevices.prototype;
  mediaDevices.enumerateDevices = async () =>
    (await enumerateDevices.call(mediaDevices)).filter(({deviceId}) => deviceId !== window.gone);
  mediaDevices.getUserMedia = async (wish) => {
    if (!wish.video || !window.gone) return getUserMedia.call(mediaDevices, wish);
    const others = await mediaDevices.enumerateDevices();
    const {deviceId} = others.find(({kind}) => kind === 'videoinput');
    const exact = {deviceId: {exact: deviceId}};
    return getUserMedia.call(mediaDevices, {...wish, video: exact});
  };
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""
PLUG_IN = """() => {
  window.gone = '';
  navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """With two cameras."""
    with launched(playwright, "--use-fake-device-for-media-stream=device-count=3") as running:
        yield running


@pytest.fixture
def people_with_cameras(person: Callable[..., Person]) -> Callable[..., Person]:
    def make(name: str, at: Server, **options: bool | str) -> Person:
        someone = person(name, at, **options)
        someone.context.add_init_script(HIDE)
        return someone

    return make


def wait_for_use(page: Page, kind: str, device: str) -> None:
    page.wait_for_function(f"([kind, device]) => ({USED})()[kind] === device", arg=[kind, device])


def open_devices(page: Page) -> None:
    page.get_by_role("button", name="Mehr", exact=True).click()
    page.get_by_role("button", name="Geräte").click()
    expect(page.get_by_role("heading", name="Geräte")).to_be_focused()


def other_than(page: Page, label: str, used: str) -> str:
    choices: list[str] = (
        page.get_by_label(label, exact=True)
        .locator("option")
        .evaluate_all("options => options.map(({value}) => value)")
    )
    return next(value for value in choices if value not in {used, "default"})


def test_each_device_is_changed_while_talking_and_remembered(
    server: Server, people_with_cameras: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, people_with_cameras)
    before = doctor.evaluate(USED)
    open_devices(doctor)
    names = {"microphone": "Mikrofon", "camera": "Kamera", "speaker": "Lautsprecher"}
    panel = doctor.locator("[data-panel=devices]")
    chosen = {}
    for kind, label in names.items():
        chosen[kind] = other_than(doctor, label, before[kind])
        panel.get_by_label(label, exact=True).select_option(chosen[kind])
        wait_for_use(doctor, kind, chosen[kind])
    assert doctor.evaluate(USED) == chosen
    assert_media_flows(patient, seconds=2)
    expect(panel.get_by_text("Man hört Sie gut.")).to_be_visible()
    expect(panel.locator("video")).to_be_visible()

    doctor.on("dialog", lambda dialog: dialog.accept())
    doctor.reload()
    doctor.wait_for_function("() => document.querySelector('call-stage').connections().length")
    for _ in range(100):
        if doctor.evaluate(USED) == chosen:
            break
        doctor.wait_for_timeout(100)
    assert doctor.evaluate(USED) == chosen


def test_device_that_does_not_open_is_refused_with_a_sentence(
    server: Server, people_with_cameras: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, people_with_cameras)
    before = doctor.evaluate(USED)
    open_devices(doctor)
    doctor.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('busy', 'OverconstrainedError')); }"
    )
    select = doctor.get_by_label("Kamera", exact=True)
    select.select_option(other_than(doctor, "Kamera", before["camera"]))

    expect(doctor.get_by_text("Diese Kamera ließ sich nicht einschalten.")).to_be_visible()
    expect(select).to_have_value(before["camera"])
    assert doctor.evaluate("localStorage.getItem('hc_devices')") is None
    assert_media_flows(patient, seconds=2)


def test_unplugged_camera_is_replaced_comes_back_and_is_switched(
    server: Server, people_with_cameras: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, people_with_cameras)
    first = patient.evaluate(USED)["camera"]
    patient.evaluate(UNPLUG)
    expect(patient.get_by_text("wurde getrennt. Stattdessen wird")).to_be_visible()
    second = patient.evaluate(USED)["camera"]
    assert second not in {first, None}
    assert_media_flows(doctor, seconds=2)

    patient.evaluate(PLUG_IN)
    expect(patient.get_by_text("ist wieder da und wird benutzt.")).to_be_visible()
    assert patient.evaluate(USED)["camera"] == first

    patient.get_by_role("button", name="Mehr", exact=True).click()
    patient.get_by_role("button", name="Kamera wechseln").click()
    wait_for_use(patient, "camera", second)
    assert_media_flows(doctor, seconds=2)

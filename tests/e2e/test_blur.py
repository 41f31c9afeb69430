"""A blurred background: nothing of it is fetched unwanted, and a call goes on without it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.media import assert_media_flows
from tests.infrastructure.server import Server

# A program imitates the graphics here: small pictures, and time.
SMALL = """(() => {
  const {getUserMedia} = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = function (wish) {
    const video = wish.video && {...wish.video, width: 320, height: 240};
    return getUserMedia.call(this, {...wish, video});
  };
})()"""
# What only Chrome and Edge have.
AS_ELSEWHERE = "delete window.MediaStreamTrackProcessor; delete window.MediaStreamTrackGenerator"
PATIENCE = 60_000
ON = "Andere sehen Sie vor einem weichgezeichneten Hintergrund."
FAILED = "Der Hintergrund lässt sich auf diesem Gerät nicht weichzeichnen."
# How much neighbouring points of what the camera's place in the connection shows differ.
SHARPNESS = """async () => {
  const [connection] = document.querySelector('call-stage').connections();
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([connection.getTransceivers()[1].sender.track]);
  await video.play();
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const canvas = document.createElement('canvas');
  const {videoWidth: width, videoHeight: height} = video;
  Object.assign(canvas, {width, height});
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const {data} = context.getImageData(0, 0, width, height);
  let sum = 0;
  for (let at = 4; at < data.length; at += 4) sum += Math.abs(data[at + 1] - data[at - 3]);
  video.srcObject = null;
  return sum / (width * height);
}"""


@pytest.fixture
def small(person: Callable[..., Person]) -> Callable[..., Person]:
    def make(name: str, at: Server, **options: bool | str) -> Person:
        someone = person(name, at, **options)
        someone.context.add_init_script(SMALL)
        someone.expects("GPU stall due to ReadPixels")  # what a program thinks of imitated graphics
        return someone

    return make


def blur_requests(page: Page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda it: found.append(it.url) if "/build/blur/" in it.url else None)
    return found


def open_switch(page: Page) -> Locator:
    page.get_by_role("button", name="Mehr", exact=True).click()
    page.get_by_role("button", name="Geräte").click()
    return page.get_by_role("switch", name="Hintergrund weichzeichnen")


@pytest.mark.alone
def test_background_is_blurred_for_as_long_as_it_is_wanted(
    server: Server, small: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, small)
    asked = blur_requests(doctor)
    switch = open_switch(doctor)
    expect(switch).not_to_be_checked()
    sharp = doctor.evaluate(SHARPNESS)
    assert asked == []

    switch.check()
    expect(doctor.get_by_text(ON)).to_be_visible(timeout=PATIENCE)
    assert len(asked) == 4  # our code, the loader, the program, the model
    # Nobody sits in front of the invented camera: all of its picture is background.
    assert doctor.evaluate(SHARPNESS) < sharp / 2
    assert_media_flows(patient, seconds=4)

    doctor.keyboard.press("Escape")
    camera = doctor.locator("[data-part=camera]")
    camera.click()
    expect(patient.locator("call-stage")).not_to_have_attribute("data-picture", "")
    camera.click()
    expect(patient.locator("call-stage")).to_have_attribute("data-picture", "")
    assert doctor.evaluate(SHARPNESS) < sharp / 2

    expect(open_switch(doctor)).to_be_checked()
    switch.uncheck()
    assert doctor.evaluate(SHARPNESS) > sharp / 2
    assert_media_flows(patient, seconds=4)
    assert len(asked) == 4


@pytest.mark.alone
def test_guest_whose_model_does_not_come_reads_it_talks_on_and_tries_again(
    server: Server, small: Callable[..., Person]
) -> None:
    def warned(name: str, at: Server, **options: bool | str) -> Person:
        someone = small(name, at, **options)
        someone.expects("ERR_FAILED")
        someone.context.add_init_script(AS_ELSEWHERE)
        return someone

    doctor, patient = people.in_call(server, warned)
    before = patient.evaluate(SHARPNESS)
    patient.route("**/selfie_segmenter*.tflite", lambda route: route.abort())
    switch = open_switch(patient)
    switch.check()

    expect(patient.get_by_text(FAILED)).to_be_visible(timeout=PATIENCE)
    expect(switch).not_to_be_checked()
    assert patient.evaluate(SHARPNESS) > before / 2
    assert_media_flows(doctor, patient, seconds=4)

    patient.unroute("**/selfie_segmenter*.tflite")
    switch.check()
    expect(patient.get_by_text(ON)).to_be_visible(timeout=PATIENCE)
    assert patient.evaluate(SHARPNESS) < before / 2
    assert_media_flows(doctor, seconds=4)

"""What the call looks like and says on the page: small, in a window of its own, hints."""

from collections.abc import Callable

from playwright.sync_api import Dialog, Locator, Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.media import assert_media_flows
from tests.infrastructure.server import Server

LOCKS = """(() => {
  window.locks = [];
  const {request} = WakeLock.prototype;
  WakeLock.prototype.request = async function (kind) {
    const lock = {released: false, kind, release: async () => { lock.released = true; }};
    window.locks.push(lock);
    return lock;
  };
})()"""
HELD = "() => window.locks.filter(({released}) => !released).length"


def corner_of(view: Locator) -> str:
    box = view.bounding_box()
    width, height = view.evaluate("() => [innerWidth, innerHeight]")
    assert box
    upper = "top" if box["y"] + box["height"] / 2 < height / 2 else "bottom"
    return f"{upper} {'left' if box['x'] + box['width'] / 2 < width / 2 else 'right'}"


def drag(page: Page, view: Locator, x: float, y: float) -> None:
    box = view.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    page.mouse.down()
    page.mouse.move(x / 2, y / 2)
    page.mouse.move(x, y, steps=3)
    page.mouse.up()
    page.wait_for_timeout(400)


def test_guest_makes_the_call_small_moves_it_in_three_ways_and_large_again(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person, phone=True)
    patient.get_by_role("button", name="Mehr", exact=True).click()
    patient.locator("[data-panel=tools]").get_by_role("button", name="Verkleinern").click()

    stage, view = patient.locator("call-stage"), patient.locator("[data-part=view]")
    expect(stage).to_have_attribute("data-docked", "")
    expect(patient.get_by_role("heading", name="Ihr Gespräch läuft weiter")).to_be_visible()
    expect(patient.get_by_role("heading", name="Sie sind hier richtig")).to_be_hidden()
    assert corner_of(view) == "bottom right"
    drag(patient, view, 60, 120)
    assert corner_of(view) == "top left"
    view.focus()
    patient.keyboard.press("ArrowRight")
    patient.wait_for_timeout(400)
    assert corner_of(view) == "top right"
    patient.get_by_role("button", name="Verschieben").click()
    patient.wait_for_timeout(400)
    assert corner_of(view) == "bottom right"
    assert_media_flows(doctor, patient, seconds=2)

    patient.get_by_role("button", name="Gespräch wieder groß machen").click()
    expect(stage).not_to_have_attribute("data-docked", "")
    box = view.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}


def test_own_picture_is_moved_by_click_and_keys(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, _ = people.in_call(server, person)
    own = doctor.locator("[data-part=own]")
    own.click()
    doctor.wait_for_timeout(400)
    assert corner_of(own) == "bottom left"
    own.press("ArrowUp")
    doctor.wait_for_timeout(400)
    assert corner_of(own) == "top left"
    drag(doctor, own, 1200, 700)
    assert corner_of(own) == "bottom right"


def test_speaking_with_the_microphone_off_is_noticed_and_a_dead_one_too(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person)
    hint = patient.get_by_text("Ihr Mikrofon ist aus. Man hört Sie nicht.")
    expect(hint).to_be_hidden()
    patient.keyboard.press("m")
    expect(hint).to_be_visible(timeout=15_000)
    assert (
        patient.evaluate("""() => {
      const [connection] = document.querySelector('call-stage').connections();
      return connection.getTransceivers()[0].sender.track.enabled;
    }""")
        is False
    )
    patient.keyboard.press("m")
    expect(hint).to_be_hidden()

    # A microphone that gives nothing at all, as one that is switched off at its cable.
    doctor.evaluate("""() => {
      const {getUserMedia} = MediaDevices.prototype;
      navigator.mediaDevices.getUserMedia = (wish) => wish.video
        ? getUserMedia.call(navigator.mediaDevices, wish)
        : Promise.resolve(new AudioContext().createMediaStreamDestination().stream);
      const [connection] = document.querySelector('call-stage').connections();
      connection.getTransceivers()[0].sender.track.dispatchEvent(new Event('ended'));
    }""")
    expect(doctor.get_by_text("Von Ihrem Mikrofon kommt nichts.")).to_be_visible(timeout=20_000)


def test_screen_stays_on_from_the_waiting_room_to_the_end_and_leaving_is_asked_about(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = person("Anna", server), person("Paul", server)
    patient.context.add_init_script(LOCKS)
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    people.take_part(patient, link)
    people.confirm_name(patient)
    assert patient.page.evaluate(HELD) == 0
    people.finish_check(patient)
    patient.page.wait_for_function(f"({HELD})() === 1")
    people.sign_in(doctor, account)
    doctor.goto(f"/patients/{code}/")
    people.call(doctor, patient)
    expect(patient.page.locator("call-stage[data-state=active] [data-part=view]")).to_be_visible()
    assert patient.page.evaluate(HELD) == 1

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    patient.page.on("dialog", stay)
    patient.page.evaluate("() => setTimeout(() => { location.href = '/imprint/' }, 0)")
    patient.page.wait_for_timeout(1000)
    assert asked == ["beforeunload"]
    expect(patient.page.locator("call-stage[data-state=active] [data-part=view]")).to_be_visible()

    doctor.page.get_by_role("button", name="Auflegen").click()
    expect(patient.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    patient.page.wait_for_function(f"({HELD})() === 0")


def test_shortcuts_are_listed_and_picture_in_picture_is_refused_without_a_picture(
    server: Server, person: Callable[..., Person]
) -> None:
    doctor, patient = people.in_call(server, person)
    doctor.get_by_role("button", name="Mehr", exact=True).click()
    doctor.get_by_role("button", name="Tastenkürzel").click()
    keys = doctor.locator("[data-panel=keys] kbd").all_inner_texts()
    assert keys[:6] == ["M", "C", "S", "P", "F", "Esc"]
    doctor.keyboard.press("Escape")
    expect(doctor.locator("[data-panel=keys]")).to_be_hidden()
    expect(doctor.locator("call-stage")).not_to_have_attribute("data-docked", "")

    assert doctor.evaluate("document.pictureInPictureEnabled")
    doctor.keyboard.press("p")
    button = doctor.locator("[data-action=picture-in-picture]")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert doctor.evaluate("document.pictureInPictureElement.dataset.part") == "remote"
    doctor.keyboard.press("p")
    expect(button).to_have_attribute("aria-pressed", "false")
    doctor.evaluate("""() => { HTMLVideoElement.prototype.requestPictureInPicture = () =>
      Promise.reject(new DOMException('no', 'InvalidStateError')) }""")
    doctor.keyboard.press("p")
    expect(doctor.get_by_text("Im Moment gibt es kein Bild")).to_be_visible()
    assert_media_flows(doctor, patient, seconds=2)

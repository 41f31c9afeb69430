""" "Audio & Video": what is chosen in the settings is what the next call uses."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e import people
from tests.e2e.test_devices_in_call import HIDE, USED, wait_for_use
from tests.infrastructure.browser import Person, launched
from tests.infrastructure.media import assert_media_flows, wait_for_picture
from tests.infrastructure.server import Server

PAGE = "/settings/devices/"
NAMES = {"camera": "Standardkamera", "microphone": "Standardmikrofon"}
# Which cameras and microphones this page holds open, however it got them.
WATCH = """(() => {
  const {getUserMedia} = MediaDevices.prototype;
  window.opened = [];
  MediaDevices.prototype.getUserMedia = async function (wish) {
    const stream = await getUserMedia.call(this, wish);
    window.opened.push(...stream.getTracks());
    return stream;
  };
})()"""
LIVE = "() => window.opened.filter(({readyState}) => readyState === 'live').length"
LABELS = """() => {
  const [connection] = document.querySelector('call-stage').connections();
  const [sound, picture] = connection.getTransceivers().map(({sender}) => sender.track);
  return {camera: picture.label, microphone: sound.label};
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """With several cameras and microphones."""
    with launched(playwright, "--use-fake-device-for-media-stream=device-count=3") as running:
        yield running


@pytest.fixture
def doctor(server: Server, person: Callable[..., Person]) -> tuple[Person, people.Account]:
    anna = person("Anna", server)
    for script in (HIDE, WATCH):
        anna.context.add_init_script(script)
    account = people.professional(server)
    people.sign_in(anna, account)
    return anna, account


def wait_for_live(page: Page, count: int) -> None:
    page.wait_for_function(f"(count) => ({LIVE})() === count", arg=count)


def choose_others(page: Page) -> dict[str, str]:
    """The last camera and the last microphone, which no browser takes by itself: their names."""
    chosen = {}
    for kind, label in NAMES.items():
        field = page.get_by_label(label, exact=True)
        expect(field).to_have_value("")
        chosen[kind] = field.locator("option").last.inner_text()
        field.select_option(label=chosen[kind])
    return chosen


def call_patient(server: Server, account: people.Account, host: Person, guest: Person) -> None:
    code, link = people.patient_link(server, account)
    people.enter_waiting_room(guest, link)
    host.goto(f"/patients/{code}/")
    people.call(host, guest)
    wait_for_picture(host.page, guest.page)


def test_next_call_uses_the_devices_that_were_chosen(
    server: Server, person: Callable[..., Person], doctor: tuple[Person, people.Account]
) -> None:
    anna, account = doctor
    page = anna.goto(PAGE)
    expect(page.locator("device-settings video")).to_be_visible()
    wait_for_live(page, 2)
    expect(page.get_by_text("Man hört Sie gut.")).to_be_visible()
    chosen = choose_others(page)
    speaker = page.get_by_label("Standardlautsprecher", exact=True)
    speaker.select_option(index=speaker.locator("option").count() - 1)
    sink = speaker.input_value()
    page.get_by_role("button", name="Ton abspielen").click()
    page.get_by_role("button", name="Änderungen speichern").click()
    expect(page.get_by_text("Ihre Geräte sind gespeichert.")).to_be_visible()
    for kind, label in NAMES.items():
        expect(page.get_by_label(label, exact=True).locator("option:checked")).to_have_text(
            chosen[kind]
        )
    # Onwards within the same document: nothing stays on.
    page.get_by_role("link", name="Profil", exact=True).click()
    expect(page.get_by_role("heading", name="Profil", level=1)).to_be_visible()
    wait_for_live(page, 0)

    paul = person("Paul", server)
    call_patient(server, account, anna, paul)
    assert page.evaluate(LABELS) == chosen
    assert sink not in ("", "default")
    wait_for_use(page, "speaker", sink)
    assert_media_flows(paul.page, seconds=2)

    # A call comes first: the settings name the devices, and leave them alone.
    used = page.evaluate(USED)
    page.keyboard.press("Escape")
    page.locator("#me").click()
    page.get_by_role("link", name="Einstellungen").click()
    page.get_by_role("link", name="Audio & Video").click()
    expect(page.get_by_text("Sie sind in einem Anruf")).to_be_visible()
    expect(page.locator("device-settings video")).to_be_hidden()
    assert page.evaluate(LIVE) == 2
    page.get_by_label("Standardkamera").select_option("")
    assert page.evaluate(USED) == used
    assert_media_flows(paul.page, seconds=2)
    page.locator("[data-action=hang-up]:visible").first.click()
    page.locator("[data-action=dismiss]:visible").click()
    expect(page.locator("device-settings video")).to_be_visible()


def test_another_browser_takes_the_devices_of_the_same_names(
    server: Server, person: Callable[..., Person], doctor: tuple[Person, people.Account]
) -> None:
    anna, account = doctor
    page = anna.goto(PAGE)
    expect(page.locator("device-settings video")).to_be_visible()
    chosen = choose_others(page)
    page.get_by_role("button", name="Änderungen speichern").click()
    expect(page.get_by_text("Ihre Geräte sind gespeichert.")).to_be_visible()

    elsewhere, paul = person("Anna elsewhere", server), person("Paul", server)
    elsewhere.context.add_init_script(HIDE)
    people.sign_in(elsewhere, account)
    assert elsewhere.page.evaluate("localStorage.getItem('hc_devices')") is None
    call_patient(server, account, elsewhere, paul)
    elsewhere.page.wait_for_function(
        f"(chosen) => JSON.stringify(({LABELS})()) === JSON.stringify(chosen)", arg=chosen
    )
    assert_media_flows(paul.page, seconds=2)


def test_a_browser_that_says_no_is_explained_and_asked_again(
    doctor: tuple[Person, people.Account],
) -> None:
    anna, _account = doctor
    anna.context.add_init_script("""(() => {
      const {getUserMedia} = MediaDevices.prototype;
      const query = Permissions.prototype.query;
      window.refused = true;
      Permissions.prototype.query = async function (wish) {
        const state = window.refused ? 'prompt' : 'granted';
        return ['camera', 'microphone'].includes(wish.name) ? {state} : query.call(this, wish);
      };
      MediaDevices.prototype.getUserMedia = function (wish) {
        if (!window.refused) return getUserMedia.call(this, wish);
        return Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
      };
      const {enumerateDevices} = MediaDevices.prototype;
      MediaDevices.prototype.enumerateDevices = async function () {
        const found = await enumerateDevices.call(this);
        return window.refused ? found.map(({kind}) => ({kind, deviceId: '', label: ''})) : found;
      };
    })()""")
    page = anna.goto(PAGE)
    expect(page.get_by_text("Ihr Browser muss Sie erst fragen")).to_be_visible()
    expect(page.get_by_role("button", name="Änderungen speichern")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.get_by_role("button", name="Kamera und Mikrofon einschalten").click()
    expect(page.locator("device-settings [role=alert]")).not_to_be_empty()
    expect(page.locator("[data-part=help]")).to_contain_text("Chrome")

    page.evaluate("() => { window.refused = false; }")
    page.get_by_role("button", name="Noch einmal versuchen").click()
    expect(page.locator("device-settings video")).to_be_visible()
    expect(page.get_by_label("Standardkamera")).to_be_focused()
    expect(page.locator("device-settings [data-part=problem]")).to_be_hidden()


def test_what_is_unplugged_or_cannot_be_chosen_is_said(
    doctor: tuple[Person, people.Account],
) -> None:
    anna, _account = doctor
    anna.context.add_init_script("delete HTMLMediaElement.prototype.setSinkId")
    anna.page.evaluate("localStorage.setItem('hc_devices', '{\"camera\": \"gone\"}')")
    page = anna.goto(PAGE)
    expect(page.locator("device-settings video")).to_be_visible()
    camera = page.get_by_label("Standardkamera", exact=True)
    expect(camera).to_have_value("gone")
    expect(camera.locator("option:checked")).to_have_text("Kamera (nicht angeschlossen)")
    expect(page.get_by_text("„Kamera“ ist gerade nicht verfügbar.")).to_be_visible()
    expect(page.get_by_label("Standardlautsprecher")).to_be_hidden()
    expect(page.get_by_text("In diesem Browser hören Sie andere über")).to_be_visible()

    camera.select_option(index=0)
    expect(page.get_by_text("ist gerade nicht verfügbar.")).to_be_hidden()
    page.get_by_role("button", name="Änderungen speichern").click()
    expect(page.get_by_text("Ihre Geräte sind gespeichert.")).to_be_visible()
    assert page.evaluate("JSON.parse(localStorage.getItem('hc_devices')).camera") == ""

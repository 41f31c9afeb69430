"""Calls that come to nothing, calls that are disturbed, and calls without a mouse."""

import json
import signal
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.figures import Figures
from tests.infrastructure.media import assert_media_flows, received, wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]
Pair = tuple[Person, Person]


@pytest.fixture
def pair(server: Server, person: PersonMaker) -> Pair:
    """Anna on her patient's page; Paul waits."""
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")
    return anna, paul


def status(page: Page) -> str:
    return page.locator("call-stage [data-part=status]").inner_text()


def in_state(page: Page, state: str) -> None:
    expect(page.locator("call-stage")).to_have_attribute("data-state", state)


def test_declined_call_is_told_and_can_be_tried_again(pair: Pair) -> None:
    anna, paul = pair
    people.ring(anna, paul)

    paul.page.get_by_role("button", name="Ablehnen").click()

    in_state(anna.page, "ended")
    assert status(anna.page) == "Der Anruf wurde abgelehnt."
    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    anna.page.get_by_role("button", name="Schließen").click()
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)


def test_cancelled_call_stops_ringing(pair: Pair) -> None:
    anna, paul = pair
    people.ring(anna, paul)

    anna.page.locator("[data-part=cancel]").click()

    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    expect(paul.page.get_by_role("button", name="Annehmen")).to_be_hidden()


def test_reload_on_either_side_comes_back_into_the_call(pair: Pair) -> None:
    anna, paul = pair
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)

    for someone in (paul, anna):
        someone.page.on("dialog", lambda dialog: dialog.accept())
        someone.page.reload()
        in_state(someone.page, "active")
        wait_for_picture(anna.page, paul.page)
        assert_media_flows(anna.page, paul.page, seconds=4)


RECORD = """
import json
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
call = Call.objects.get(initiator__email={email!r})
entries = AuditEntry.objects.filter(action__startswith="call.", data__call=call.pk).order_by("id")
print(json.dumps({{
    "state": [call.state, call.outcome, call.version],
    "seconds": call.duration.total_seconds(),
    "entries": [entry.action for entry in entries],
    "visits": [visit.state for visit in call.guest.visits.all()],
}}))
"""


def recorded(server: Server, email: str) -> dict[str, Any]:
    """What the server knows once the call has ended there too: the pages tell each other first."""
    until = time.monotonic() + 10
    while True:
        record: dict[str, Any] = json.loads(server.run(RECORD.format(email=email)).splitlines()[-1])
        if record["state"][0] == "ended" or time.monotonic() > until:
            return record
        time.sleep(0.2)


@pytest.mark.alone
def test_call_outlives_the_killed_server(
    server: Server, person: PersonMaker, figures: Figures
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    for someone in (anna, paul):
        someone.expects("ERR_CONNECTION_(REFUSED|RESET)|WebSocket|Failed to fetch|status of 50")
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")
    people.call(anna, paul)
    began = time.monotonic()
    wait_for_picture(anna.page, paul.page)
    pages = (anna.page, paul.page)

    server.stop(signal.SIGKILL)
    for page in pages:
        expect(page.locator("body.is-offline")).to_be_attached(timeout=10_000)
    decoded = [[received(page).frames for page in pages]]
    for _ in range(5):
        anna.page.wait_for_timeout(1000)
        decoded.append([received(page).frames for page in pages])
    assert_media_flows(*pages, seconds=2)
    server.start()
    restarted = time.monotonic()
    for page in pages:
        expect(page.locator("body.is-offline")).to_have_count(0, timeout=20_000)
    back = time.monotonic() - restarted

    assert_media_flows(*pages, seconds=4)
    for page in pages:
        in_state(page, "active")
    hers, his = ([counts[side] for counts in decoded] for side in (0, 1))
    assert all(later > former for side in (hers, his) for former, later in pairwise(side))
    assert {len(page.locator("call-stage").all()) for page in pages} == {1}
    assert all(received(page).connections == 1 for page in pages)
    anna.page.get_by_role("button", name="Auflegen").click()
    ended = paul.page.get_by_role("heading", name="Das Gespräch ist beendet")
    expect(ended).to_be_visible(timeout=20_000)
    lasted = time.monotonic() - began

    record = recorded(server, account.email)
    assert record["state"] == ["ended", "completed", 3]
    assert record["entries"] == ["call.started", "call.accepted", "call.completed"]
    assert record["visits"] == ["ended"]
    assert abs(record["seconds"] - lasted) < 5
    anna.goto(f"/patients/{code}/")
    history = anna.page.locator(".history")
    expect(history).to_contain_text("Anruf angenommen")
    lines = history.locator("li", has_text="beendet")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(f"Gespräch nach {clock(record['seconds'])} Min. beendet")
    figures("P14", f"kill -9: Anna decodes {hers}, Paul {his}; sockets back {back:.1f} s after")


def clock(seconds: float) -> str:
    return "{}:{:02d}".format(*divmod(round(seconds), 60))


def test_muting_is_seen_on_the_other_side(pair: Pair) -> None:
    anna, paul = pair
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)

    paul.page.locator("[data-action=microphone]").click()
    paul.page.locator("[data-action=camera]").click()

    expect(anna.page.locator("[data-part=remote-muted]")).to_be_visible()
    expect(anna.page.locator("[data-part=status]")).to_have_text("Kamera ist aus")
    paul.page.locator("[data-action=camera]").click()
    expect(anna.page.locator("[data-part=status]")).to_be_hidden()


def test_patient_without_devices_sees_and_is_asked_nothing_more(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    paul.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('for a test', 'NotFoundError') }"
    )
    people.sign_in(anna, account)
    people.take_part(paul, link)
    paul.page.get_by_role("button", name="Weiter").click()
    paul.page.get_by_role("button", name="Ohne Kamera und Mikrofon teilnehmen").click()
    people.hear_and_measure(paul)
    paul.page.locator("[data-step=waiting] h1").wait_for()
    anna.goto(f"/patients/{code}/")

    people.call(anna, paul)

    wait_for_picture(paul.page)
    expect(anna.page.locator("[data-part=status]")).to_have_text("Kamera ist aus")


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def tab_to(page: Page, text: str) -> None:
    """Move on with the tabulator until the button or link with this text has the focus."""
    focused = "document.activeElement.matches('a, button') && document.activeElement.innerText"
    for _ in range(40):
        if text in str(page.evaluate(focused)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{text!r} cannot be reached by the keyboard")


def test_whole_path_works_by_keyboard(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server)
    people.sign_in(anna, account)
    page = paul.goto(link)

    tab_to(page, "Teilnehmen")
    press(page, "Enter")
    page.locator("[data-step=name] input").wait_for()
    tab_to(page, "Weiter")
    press(page, "Enter")
    page.locator("[data-panel=picture] video").wait_for()
    for label in ("Weiter", "Ton abspielen", "Ja, ich habe ihn", "Wartezimmer betreten"):
        tab_to(page, label)
        press(page, "Enter")
    expect(page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    anna.goto(f"/patients/{code}/")
    tab_to(anna.page, "Anruf starten")
    press(anna.page, "Enter")
    page.locator("[data-action=accept]").wait_for()
    tab_to(page, "Annehmen")
    press(page, "Enter")
    wait_for_picture(anna.page, page)
    press(page, "m")
    expect(anna.page.locator("[data-part=remote-muted]")).to_be_visible()
    tab_to(page, "Auflegen")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    in_state(anna.page, "ended")


def test_hanging_up_after_signing_out_elsewhere_ends_it_for_both(
    server: Server, pair: Pair
) -> None:
    anna, paul = pair
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    assert_media_flows(anna.page, paul.page, seconds=2)

    with anna.context.new_page() as tab:
        tab.goto(f"{anna.home}/accounts/logout/")
        tab.locator("form.form__actions [type=submit]").click()
        tab.wait_for_url(f"{anna.home}/")
    expect(anna.page.get_by_text("Sie sind hier nicht mehr angemeldet.")).to_be_visible()
    assert_media_flows(anna.page, paul.page, seconds=2)
    anna.page.locator("[data-part=hang-up]").click()

    expect(paul.page.get_by_role("heading", name="Das Gespräch ist beendet")).to_be_visible()
    anna.page.locator("[data-part=dismiss]").click()
    anna.page.wait_for_url("**/accounts/login/**")
    states = "from healthcompanion.calls.models import Call; print(Call.objects.latest('id').state)"
    until = time.monotonic() + 10
    while server.run(states) != "ended":  # the pages tell each other first
        assert time.monotonic() < until
        anna.page.wait_for_timeout(200)

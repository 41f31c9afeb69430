"""A consultation between two makes of browser: Firefox on one side, Chromium on the other."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.firefox import Firefox, firefox
from tests.infrastructure.media import Received, received, wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]


def wait_for_frames(fox: Firefox, seconds: float = 20) -> Received:
    until = time.monotonic() + seconds
    while (now := fox.received()).frames == 0:
        assert time.monotonic() < until, f"no picture in Firefox: {now}"
        time.sleep(0.2)
    return now


def assert_both_decode(chromium: Page, fox: Firefox, seconds: int = 6) -> None:
    before = received(chromium), fox.received()
    chromium.wait_for_timeout(seconds * 1000)
    after = received(chromium), fox.received()
    for old, new in zip(before, after, strict=True):
        assert new.frames > old.frames + 5 * seconds, f"{old} -> {new}"
        assert new.packets > old.packets + 20 * seconds, f"{old} -> {new}"
        assert new.energy > old.energy, "only silence arrives"


NEXT = """
(() => {
  const shown = (element) => element !== null && element.checkVisibility();
  if (shown(document.querySelector('[data-step=waiting] h1'))) return true;
  const buttons = [...document.querySelectorAll('[data-step=check] .button--primary')];
  buttons.find((button) => shown(button) && !button.disabled)?.click();
  return false;
})()
"""


def pass_check(fox: Firefox, seconds: float = 40) -> None:
    """Press the main button of each step, as long as it takes; Firefox asks for its devices."""
    until = time.monotonic() + seconds
    while not fox.ask("evaluate", source=NEXT):
        assert time.monotonic() < until, "the device check does not end"
        time.sleep(1)


@pytest.mark.alone
def test_patient_in_firefox(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna = person("Anna", server)
    people.sign_in(anna, account)
    with firefox() as paul:
        paul.ask("goto", url=link)
        paul.ask("click", selector="form .button--primary")
        paul.ask("click", selector="[data-step=name] [type=submit]")
        pass_check(paul)
        anna.goto(f"/patients/{code}/")
        anna.page.locator("[data-call-start]:not([aria-disabled=true]):visible").first.click()
        paul.ask("click", selector="[data-action=accept]")

        wait_for_picture(anna.page)
        wait_for_frames(paul)
        assert_both_decode(anna.page, paul)
        anna.page.locator("[data-part=hang-up]").click()
        paul.ask("wait", selector="[data-step=ended] h1")
        assert paul.ask("troubles") == []


@pytest.mark.alone
def test_doctor_in_firefox(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    paul = person("Paul", server, phone=True)
    people.enter_waiting_room(paul, link)
    with firefox() as anna:
        anna.ask("goto", url=f"{server.url}/accounts/login/")
        anna.ask("fill", selector="input[name=login]", text=account.email)
        anna.ask("fill", selector="input[name=password]", text=account.password)
        anna.ask("click", selector="main .button--primary[type=submit]")
        anna.ask("wait", selector="a[href='/patients/']")
        anna.ask("goto", url=f"{server.url}/patients/{code}/")
        anna.ask("click", selector="[data-call-start]:not([aria-disabled=true])")
        people.accept(paul)

        wait_for_picture(paul.page)
        wait_for_frames(anna)
        assert_both_decode(paul.page, anna)
        paul.page.locator("[data-part=hang-up]").click()
        anna.ask("wait", selector="call-stage[data-state=ended] [data-part=view]")
        assert anna.ask("troubles") == []

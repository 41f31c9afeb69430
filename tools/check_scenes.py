"""The scenes of the device check: in the guest's way, and by itself days before."""

from playwright.sync_api import Page

from tests.infrastructure.browser import Person
from tools.look import Look

SLOW = 1_500_000 / 8  # octets a second: below what a video call needs
BY_SYSTEM = (
    "navigator.mediaDevices.getUserMedia = async () =>"
    " {throw new DOMException('Permission denied by system', 'NotAllowedError')}"
)


def walk(page: Page, look: Look | None = None) -> None:
    """From the camera's picture to the end of the measuring; with `look` taking pictures."""

    def shoot(name: str) -> None:
        if look:
            look.shoot(page, name)

    page.locator("[data-panel=picture] video").wait_for()
    page.wait_for_timeout(1000)
    shoot("device-check")
    page.locator("[data-panel=picture] [data-action=next]:visible").click()
    sound = page.locator("[data-panel=sound]")
    shoot("sound-check")
    sound.locator("[data-action=play]:visible").first.click()
    shoot("sound-check-asked")
    sound.locator("[data-action=unheard]").click()
    shoot("sound-check-unheard")
    sound.locator("[data-action=play]:visible").first.click()
    sound.locator("[data-action=heard]").click()
    page.locator("[data-panel=connection]:not([data-state=running])").wait_for()
    shoot("connection-check")


def finish(page: Page) -> None:
    """Behind the last panel."""
    page.locator("[data-panel=connection] [data-action=next]").click()


def alone(look: Look, patient: Person, link: str) -> None:
    """The invitation's second link, on a slow line, and what the practice gets to see of it."""
    page = patient.goto(f"{link}/check/")
    look.shoot(page, "check-invitation")
    page.locator(".button--primary:visible").click()
    page.locator("[data-panel=picture] video").wait_for()
    session = page.context.new_cdp_session(page)
    line = {"offline": False, "latency": 30, "uploadThroughput": -1, "downloadThroughput": SLOW}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)
    walk(page)
    look.shoot(page, "connection-check-slow")
    finish(page)
    page.locator("[data-part=told]:not(:empty)").wait_for()
    session.detach()
    look.shoot(page, "check-result-limits")


def open_to_all(look: Look, visitor: Person) -> None:
    """Without a link, with a device that its own system blocks."""
    page = visitor.context.new_page()
    page.add_init_script(BY_SYSTEM)
    page.goto(f"{visitor.home}/check/")
    page.locator("device-check [role=alert] p").first.wait_for()
    look.shoot(page, "devices-blocked")
    page.locator("[data-part=without]").click()
    page.locator("[data-panel=sound] [data-action=next]:visible").click()
    finish(page)
    page.locator("[data-part=verdict]").wait_for()
    look.shoot(page, "check-result-trouble")
    page.close()

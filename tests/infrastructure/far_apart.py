"""Two people at two computers of our small internet, with a browser each."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, Playwright

from tests.infrastructure.browser import Person, chromium, launched, new_person
from tests.infrastructure.network import Computer, Network, Tunnel
from tests.infrastructure.server import Server

# When pictures were decoded, as far as the page is asked: one time (ms since 1970) for each frame.
WATCH_FRAMES = """
() => {
  const video = document.querySelector('call-stage [data-part=remote], video#remote');
  window.frameTimes = [];
  const seen = () => {
    window.frameTimes.push(performance.timeOrigin + performance.now());
    video.requestVideoFrameCallback(seen);
  };
  video.requestVideoFrameCallback(seen);
}
"""


@dataclass
class Far:
    """Somebody, where they sit, and how they reach the service."""

    person: Person
    computer: Computer
    tunnel: Tunnel

    @property
    def page(self) -> Page:
        return self.person.page

    def watch_frames(self) -> None:
        self.page.evaluate(WATCH_FRAMES)

    def frames(self) -> list[float]:
        """When each picture since `watch_frames` was shown, in milliseconds."""
        return list(self.page.evaluate("window.frameTimes"))


@contextlib.contextmanager
def far_person(
    playwright: Playwright, network: Network, server: Server, name: str, *, phone: bool = False
) -> Iterator[Far]:
    """A person in a browser of their own, at a computer of their own with one cable."""
    port = urlsplit(server.url).port
    assert port is not None
    computer = network.computer()
    computer.plug_in()
    tunnel = computer.reach(port)
    with launched(playwright, program=computer.program(chromium())) as browser:
        person = new_person(browser, server.url, name, phone=phone)
        yield Far(person, computer, tunnel)
        person.context.close()

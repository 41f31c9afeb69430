"""Whether picture and sound really arrive, measured where they are decoded."""

import time
from dataclasses import dataclass

from playwright.sync_api import Page

STATS = """
async () => {
  const sum = {frames: 0, packets: 0, energy: 0, connections: 0, state: []};
  for (const connection of document.querySelector('call-stage')?.connections?.() ?? []) {
    sum.connections += 1;
    sum.state.push(connection.connectionState);
    for (const report of (await connection.getStats()).values()) {
      if (report.type !== 'inbound-rtp') continue;
      if (report.kind === 'video') sum.frames += report.framesDecoded ?? 0;
      if (report.kind === 'audio') {
        sum.packets += report.packetsReceived ?? 0;
        sum.energy += report.totalAudioEnergy ?? 0;
      }
    }
  }
  return sum;
}
"""


@dataclass(frozen=True)
class Received:
    """What a page has decoded since its connections began."""

    frames: int
    packets: int
    energy: float
    connections: int
    state: list[str]


def received(page: Page) -> Received:
    return Received(**page.evaluate(STATS))


def wait_for_picture(*pages: Page, seconds: float = 20) -> None:
    """Wait until each page has decoded a first frame. Raises TimeoutError."""
    until = time.monotonic() + seconds
    for page in pages:
        while received(page).frames == 0:
            if time.monotonic() > until:
                raise TimeoutError(f"No picture after {seconds} s: {received(page)}")
            page.wait_for_timeout(100)


def assert_media_flows(*pages: Page, seconds: int = 10) -> None:
    """Every page decodes new frames in each two seconds, and hears something in all of them."""
    first = [received(page) for page in pages]
    before = first
    for elapsed in range(2, seconds + 1, 2):
        pages[0].wait_for_timeout(2000)
        now = [received(page) for page in pages]
        for old, new in zip(before, now, strict=True):
            assert new.frames > old.frames, f"the picture stands still after {elapsed} s: {new}"
            assert new.packets > old.packets, f"no sound arrives after {elapsed} s: {new}"
        before = now
    for old, new in zip(first, before, strict=True):
        assert new.energy > old.energy, f"the sound that arrives is silence: {new}"

"""Chromium with devices that always work, and people who sit in front of it."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

# Seen to work: two calling contexts of this browser fit on two cores.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-ui-for-media-stream "
    "--use-fake-device-for-media-stream --autoplay-policy=no-user-gesture-required "
    "--allow-loopback-in-peer-connection --disable-dev-shm-usage "
    "--disable-background-timer-throttling --disable-backgrounding-occluded-windows "
    "--disable-renderer-backgrounding --disable-features=Translate,OptimizationHints"
).split()
OWN_SCHEMES = {"data", "blob", "about", "chrome-error"}
WAIT = 10_000
DESKTOP, PHONE = (1280, 800), (390, 844)


def chromium() -> str:
    path = os.environ.get("HC_CHROMIUM") or shutil.which("chromium") or ""
    if not path:
        raise RuntimeError("Chromium is missing: sudo apt-get install chromium")
    return path


@contextmanager
def launched(
    playwright: Playwright, *flags: str, home: Path | None = None, program: str = ""
) -> Iterator[Browser]:
    """Debian's Chromium; HC_HEADED=1 shows it. `home` is where it looks for trusted authorities."""
    browser = playwright.chromium.launch(
        executable_path=program or chromium(),
        args=[*FLAGS, *flags],
        headless=not os.environ.get("HC_HEADED"),
        timeout=30_000,
        env={**os.environ, "HOME": str(home)} if home else None,
    )
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Person:
    """Somebody with a browser of their own. What went wrong in it is in `troubles`."""

    name: str
    home: str
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)

    def expects(self, pattern: str) -> None:
        """The browser will complain about this, rightly: `status of 422` after a form error."""
        self.expected.append(re.compile(pattern))

    def goto(self, path: str) -> Page:
        """Open a path of the service (or a whole address)."""
        self.page.goto(path if "://" in path else self.home + path)
        return self.page

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.heard(message.type, message.text))
        page.on("pageerror", lambda error: self.heard("error", f"uncaught: {error}"))

    def heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.troubles.append(f"{self.name}: {text}")

    def sent(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in OWN_SCHEMES and url.netloc != urlsplit(self.home).netloc:
            self.troubles.append(f"{self.name}: request to another host, {request.url}")

    def unexpected(self) -> list[str]:
        return [
            line
            for line in self.troubles
            if not any(pattern.search(line) for pattern in self.expected)
        ]


def new_person(
    browser: Browser,
    home: str,
    name: str,
    *,
    phone: bool = False,
    language: str = "de-DE",
    devices: bool = True,
    **options: Any,
) -> Person:
    """A fresh browser profile with a page; German, with camera and microphone allowed."""
    width, height = PHONE if phone else DESKTOP
    context = browser.new_context(
        base_url=home,
        locale=language,
        timezone_id="Europe/Berlin",
        viewport={"width": width, "height": height},
        has_touch=phone,
        is_mobile=phone,
        **options,
    )
    if devices:
        context.grant_permissions(["camera", "microphone"], origin=home)
    context.set_default_timeout(WAIT)
    context.set_default_navigation_timeout(2 * WAIT)
    page = context.new_page()
    person = Person(name, home, context, page)
    context.on("request", person.sent)
    person.watch(page)
    context.on("page", person.watch)
    return person

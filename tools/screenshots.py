"""`make screenshots`: every page in German and English, light and dark, on phone and desktop.

All of them go to var/screenshots/, the few that the documents show also to docs/screenshots/.
ARGS="de-light" takes only the looks whose name begins so.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.infrastructure.browser import Person, launched, new_person
from tests.infrastructure.server import ROOT, Server, running_server
from tools import portraits, waiting_scenes
from tools import screenshot_house as house
from tools import screenshot_scenes as scenes

ALL = ROOT / "var/screenshots"
SHOWN = ROOT / "docs/screenshots"
COMMITTED = (
    "dashboard-de-light-desktop",
    "waiting-de-light-phone",
    "call-de-light-desktop",
    "administration-de-light-desktop",
)
LANGUAGES, SCHEMES, SIZES = ("de", "en"), ("light", "dark"), ("desktop", "phone")
VIEWPORTS = {"desktop": (1440, 900), "phone": (390, 844)}


@dataclass(frozen=True)
class Look:
    """One way of looking at the pages; takes the pictures of them."""

    language: str
    scheme: str
    size: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.scheme}-{self.size}"

    def shoot(self, page: Page, name: str, *, whole: bool = True) -> None:
        """A picture of the page; `whole` goes beyond the screen's lower edge."""
        path = ALL / f"{name}-{self.name}.png"
        page.wait_for_load_state("load")
        page.wait_for_timeout(150)  # elements come to life
        page.screenshot(path=path, full_page=whole, animations="disabled")
        if path.stem in COMMITTED:
            shutil.copy(path, SHOWN / path.name)


@dataclass(frozen=True)
class Studio:
    """A service with its cast, and a browser per camera picture to look at it."""

    browsers: dict[str, Browser]
    server: Server

    @contextmanager
    def person(self, look: Look, name: str, *, cookies: scenes.Cookies = ()) -> Iterator[Person]:
        width, height = VIEWPORTS[look.size]
        someone = new_person(
            self.browsers["patient" if name == "patient" else "doctor"],
            self.server.url,
            name,
            phone=look.size == "phone",
            language=look.language,
            color_scheme=look.scheme,
        )
        someone.page.set_viewport_size({"width": width, "height": height})
        language = {"name": "hc_language", "value": look.language, "url": self.server.url}
        someone.context.add_cookies([language, *cookies])  # type: ignore[list-item]  # cookies as read
        try:
            yield someone
        finally:
            someone.context.close()
            for line in someone.unexpected():
                print(f"  {line}")


def looks(language: str) -> list[Look]:
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    made = [Look(language, scheme, size) for scheme, size in product(SCHEMES, SIZES)]
    return [look for look in made if look.name.startswith(chosen)]


def photograph(studio: Studio, language: str) -> None:
    """Every scene in one language, in each look."""
    if not looks(language):
        return
    doctor = scenes.demo_account(studio.server, language)
    with studio.person(Look(language, "light", "desktop"), "doctor") as signing_in:
        cookies = scenes.sign_in(signing_in, doctor)
    newcomer = scenes.new_account(studio.server, language)
    with studio.person(Look(language, "light", "desktop"), "newcomer") as signing_in:
        empty = scenes.sign_in(signing_in, newcomer)
    chief = house.administrator(studio.server, language)
    with studio.person(Look(language, "light", "desktop"), "chief") as signing_in:
        managing = scenes.sign_in(signing_in, chief)
    for look in looks(language):
        print(look.name, flush=True)
        with studio.person(look, "chief", cookies=managing) as person:
            house.organisation(look, person)
        links = scenes.links(studio.server, language)
        with studio.person(look, "visitor") as visitor:
            scenes.entrance(look, visitor, links.dead)
        with studio.person(look, "newcomer", cookies=empty) as person:
            scenes.first_day(look, person)
            scenes.set_licence(studio.server, newcomer, active=False)
            scenes.pending(look, person)
            scenes.set_licence(studio.server, newcomer, active=True)
        with (
            studio.person(look, "doctor", cookies=cookies) as person,
            studio.person(look, "patient") as patient,
        ):
            scenes.practice(look, person)
            scenes.consultation(look, person, patient, links.open)
            scenes.detours(look, person, patient, links)
        with (
            studio.person(look, "doctor", cookies=cookies) as person,
            studio.person(look, "patient") as patient,
        ):
            scenes.troubles(look, person, patient, links.troubled)
            waiting_scenes.cancellation(look, person, patient, links.cancelled)


def main() -> None:
    shutil.rmtree(ALL, ignore_errors=True)
    for folder in (ALL, SHOWN):
        folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, ExitStack() as open_until_the_end:
        enter = open_until_the_end.enter_context
        plain = enter(launched(playwright))
        folder = Path(enter(TemporaryDirectory(prefix="hc-cameras-")))
        browsers = {
            who: enter(launched(playwright, portraits.camera(plain, who, folder)))
            for who in ("doctor", "patient")
        }
        with running_server(HC_DEMO="1") as server:
            for language in LANGUAGES:
                photograph(Studio(browsers, server), language)
    taken: list[Path] = sorted(ALL.glob("*.png"))
    print(f"{len(taken)} pictures in {ALL.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()

"""Scenes of an organisation: what its administrator sees, and the pages of the settings."""

import json
from typing import TYPE_CHECKING

from tests.e2e.people import Account
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server

if TYPE_CHECKING:
    from tools.screenshots import Look

PAGES = {
    "administration": "/administration/",
    "administration-year": "/administration/?period=365",
    "administration-period-wrong": "/administration/?period=own&begin=2026-12-01&end=2026-11-01",
    "administration-users": "/administration/members/",
    "administration-invitations": "/administration/invitations/",
    "administration-organisation": "/administration/organisation/",
    "administration-logs": "/administration/logs/",
    "settings-general": "/settings/general/",
    "settings-profile": "/settings/profile/",
    "settings-proof": "/settings/profile/proof/",
    "settings-devices": "/settings/devices/",
    "settings-logs": "/settings/logs/",
    "settings-organisation": "/settings/organisation/",
    "settings-support": "/settings/support/",
}


def administrator(server: Server, language: str) -> Account:
    """The administrator of the demo's organisation, whose pages are in `language`."""
    printed = server.run(f"""
import json
from healthcompanion.dashboard import demo, demo_organisation
user = demo_organisation.seed()
type(user).objects.filter(pk=user.pk).update(language={language!r})
print(json.dumps([user.email, demo.PASSWORD]))
""")
    return Account(*json.loads(printed.splitlines()[-1]))


def organisation(look: "Look", chief: Person) -> None:
    """Each page, and the way to remove somebody."""
    chief.expects(r"status of 422")
    for name, path in PAGES.items():
        look.shoot(chief.goto(path), name)
    page = chief.goto("/administration/members/")
    page.locator("#members .setting__title a").nth(1).click()
    page.wait_for_url("**/administration/members/*/")
    look.shoot(page, "administration-user")
    page.locator("a[href$='/removal/']").click()
    page.wait_for_url("**/removal/")
    look.shoot(page, "administration-removal")

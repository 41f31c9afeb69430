"""axe finds nothing serious on any kind of page, light and dark."""

from collections.abc import Callable

import pytest

from healthcompanion.core.specimens import ERROR_PAGES
from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]
OPEN = (
    "/ /accounts/login/ /accounts/signup/ /accounts/password/reset/ /accounts/confirm-email/ "
    "/imprint/ /privacy/ /terms/ /check/ /lost-link/ /lost-link/sent/ /nowhere/ "
    "/g/abcdefghijkl-abcdefghij"
).split()
SIGNED_IN = (
    "/ /patients/ /patients/new/ /settings/general/ /settings/profile/ "
    "/settings/security/ /settings/security/app/ /settings/devices/ /settings/logs/ "
    "/settings/security/passkeys/new/ /accounts/reauthenticate/ /accounts/password/change/"
).split()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_pages_keep_nobody_out(server: Server, person: PersonMaker, scheme: str) -> None:
    anna = person("Anna", server, color_scheme=scheme)
    anna.expects("status of 404")

    for path in OPEN:
        axe(anna.goto(path))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_and_error_page_keeps_nobody_out(
    demo: Server, person: PersonMaker, scheme: str
) -> None:
    anna = person("Anna", demo, color_scheme=scheme)

    axe(anna.goto("/styleguide/"))
    for name in ERROR_PAGES:
        axe(anna.goto(f"/styleguide/errors/{name}/"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signed_in_pages_keep_nobody_out(server: Server, person: PersonMaker, scheme: str) -> None:
    account = people.professional(server)
    code, _link = people.patient_link(server, account)
    anna = person("Anna", server, color_scheme=scheme)
    people.sign_in(anna, account)

    pages = [f"/patients/{code}/{page}" for page in ("", "edit/", "link/", "sheet/", "deletion/")]
    for path in [*SIGNED_IN, "/patients/?search=zzz", "/patients/invited/", *pages]:
        axe(anna.goto(path))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_consultation_keeps_nobody_out(server: Server, person: PersonMaker, scheme: str) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    anna = person("Anna", server, color_scheme=scheme)
    paul = person("Paul", server, phone=True, color_scheme=scheme)
    people.sign_in(anna, account)

    axe(paul.goto(link))
    people.take_part(paul, link)
    axe(paul.page)
    people.confirm_name(paul)
    axe(paul.page)
    people.finish_check(paul)
    axe(paul.page)
    axe(anna.goto("/"))
    people.ring(anna, paul)
    axe(paul.page)
    axe(anna.page)
    people.accept(paul)
    wait_for_picture(anna.page, paul.page)
    axe(paul.page)
    axe(anna.page)

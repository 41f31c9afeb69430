"""The style guide: for those who build, and complete."""

import re

import pytest
from django.conf import settings as installation
from django.test import Client
from pytest_django import Settings

from healthcompanion.core.specimens import COLOURS, ERROR_PAGES, SECTIONS

pytestmark = pytest.mark.django_db
PATHS = ("/styleguide/", "/styleguide/errors/500/")


@pytest.mark.parametrize(("demo", "debug", "status"), [(0, 0, 404), (1, 0, 200), (0, 1, 200)])
def test_styleguide_is_for_those_who_build(
    client: Client, settings: Settings, demo: bool, debug: bool, status: int
) -> None:
    settings.HC_DEMO, settings.DEBUG = bool(demo), bool(debug)

    answers = [client.get(path).status_code for path in PATHS]

    assert answers == [status, status]


def test_styleguide_leads_to_each_of_its_sections(client: Client) -> None:
    page = client.get("/styleguide/").content.decode()

    for section in SECTIONS:
        assert f'href="#{section}"' in page
        assert page.count(f'id="{section}"') == 1
    for name in ERROR_PAGES:
        assert f"/styleguide/errors/{name}/" in page


def test_every_colour_with_a_meaning_is_shown() -> None:
    styles = installation.BASE_DIR / "static/css"
    tokens = (styles / "tokens.css").read_text().split("Tier 2", 1)[1]
    meanings = set(re.findall(r"--([a-z-]+): (?:light-dark|var)\(", tokens)) - {"on-accent"}
    painted = re.findall(
        r'data-token="([a-z-]+)"\] \{\s+--swatch: var\(--\1\)',
        (styles / "pages/styleguide.css").read_text(),
    )

    assert set(COLOURS) == set(painted)
    assert meanings - {"on-danger"} <= set(COLOURS)


@pytest.mark.parametrize("name", ["418", "410", "styleguide"])
def test_only_known_error_pages_are_shown(client: Client, name: str) -> None:
    assert client.get(f"/styleguide/errors/{name}/").status_code == 404

""" "Audio & Video" in the settings: the names of the devices that calls begin with."""

import re

import pytest
from django.test import Client

from healthcompanion.accounts.models import Preferences, User
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/devices/"
KINDS = ("camera", "microphone", "speaker")
NAMES = {"camera": 'Brio "4K" <x>', "microphone": "Headset", "speaker": ""}


@pytest.fixture
def browser(professional: User) -> Client:
    return signed_in(professional)


def names_of(user: User) -> dict[str, str]:
    row = Preferences.objects.get(user=user)
    return {kind: getattr(row, kind) for kind in KINDS}


def test_names_are_saved_and_told_to_every_page(
    browser: Client, professional: User, stranger: User
) -> None:
    assert 'data-camera=""' in browser.get("/").content.decode()
    answer = browser.post(PAGE, NAMES)

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert names_of(professional) == NAMES
    for path in ("/", "/patients/"):
        frame = browser.get(path).content.decode()
        assert 'data-camera="Brio &quot;4K&quot; &lt;x&gt;" data-microphone="Headset"' in frame
    assert "Brio" not in signed_in(stranger).get("/").content.decode()
    assert not Preferences.objects.filter(user=stranger).exists()


def test_saving_again_replaces_and_leaves_the_switches_alone(
    browser: Client, professional: User
) -> None:
    browser.post("/settings/general/is_muted/", {"on": "1"})
    browser.post(PAGE, NAMES)
    browser.post(PAGE, {**NAMES, "camera": "", "is_muted": "", "user": "1"})

    assert names_of(professional) == {**NAMES, "camera": ""}
    assert Preferences.objects.get(user=professional).is_muted is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_no_device_has_is_refused_and_saves_nothing(browser: Client, kind: str) -> None:
    answer = browser.post(PAGE, {**NAMES, kind: "x" * 201})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [kind])
    assert not Preferences.objects.exists()


def test_the_page_offers_one_list_for_each_kind(browser: Client) -> None:
    browser.post(PAGE, NAMES)
    page = browser.get(PAGE).content.decode()

    assert re.findall(r'<select[^>]*id="default-(\w+)"', page) == list(KINDS)
    assert re.search(r'name="microphone" value="Headset"', page)
    assert re.search(r'id="settings-devices"[^>]*aria-current="page"', page)

""" "Allgemein" and "Profil" in the settings."""

import pytest
from django.test import Client

from healthcompanion.accounts.models import Preferences, User
from healthcompanion.accounts.preferences import SWITCHES
from healthcompanion.accounts.queries import preferences_of
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/general/"
CONTACT = {"street": "Weg 2", "postal_code": "1010", "city": "Wien", "country": "AT", "phone": "1"}


@pytest.fixture
def browser(professional: User) -> Client:
    return signed_in(professional)


def test_everything_is_off_until_somebody_switches_it_on(browser: Client) -> None:
    page = browser.get(PAGE).content.decode()

    assert page.count('role="switch" aria-checked="false"') == len(SWITCHES)
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("field", [switch.field for switch in SWITCHES])
def test_each_switch_changes_itself_alone(
    browser: Client, professional: User, stranger: User, field: str
) -> None:
    for said, stands in (("1", True), ("1", True), ("0", False), ("", False)):
        answer = browser.post(f"{PAGE}{field}/", {"on": said})

        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        chosen = preferences_of(User.objects.get(pk=professional.pk))
        assert [getattr(chosen, one.field) for one in SWITCHES].count(True) == stands
        assert getattr(chosen, field) is stands
    assert not Preferences.objects.filter(user=stranger).exists()


@pytest.mark.parametrize("name", ["user", "microphone", "id", "hlan", "nothing"])
def test_what_is_no_switch_cannot_be_switched(browser: Client, name: str) -> None:
    assert browser.post(f"{PAGE}{name}/", {"on": "1"}).status_code == 404
    assert not Preferences.objects.exists()


def test_every_page_knows_that_sounds_are_muted(browser: Client) -> None:
    before = browser.get("/").content.decode()
    browser.post(f"{PAGE}is_muted/", {"on": "1"})

    assert "data-muted" not in before
    assert 'id="frame" data-muted' in browser.get("/patients/").content.decode()


def test_contact_data_are_saved_name_and_address_of_the_account_are_not(
    browser: Client, professional: User
) -> None:
    stolen = {"first_name": "X", "last_name": "Y", "email": "x@y.example", "language": "en"}
    answer = browser.post("/settings/profile/", {**CONTACT, **stolen})

    now = User.objects.get(pk=professional.pk)
    assert answer.status_code == 302
    assert {name: getattr(now, name) for name in CONTACT} == CONTACT
    for name in stolen:
        assert getattr(now, name) == getattr(professional, name)


@pytest.mark.parametrize(
    ("field", "value"), [("street", ""), ("city", " "), ("country", "FR"), ("phone", "1" * 31)]
)
def test_a_wrong_value_saves_nothing_and_keeps_the_rest(
    browser: Client, professional: User, field: str, value: str
) -> None:
    answer = browser.post("/settings/profile/", {**CONTACT, field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="1010"' in answer.content.decode()
    assert User.objects.get(pk=professional.pk).city == professional.city


def test_who_waits_for_a_licence_sees_the_own_profile(pending: User) -> None:
    page = signed_in(pending).get("/settings/profile/")

    assert (page.status_code, pending.email in page.content.decode()) == (200, True)

"""A new HC_LINK_KEY: links made before work until they end, and stay the same when copied."""

from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.core.keys import key_id
from healthcompanion.guests import links
from healthcompanion.guests.models import Guest
from tests.factories import GuestFactory

pytestmark = pytest.mark.django_db
NEW, OLD = "n" * 40, "o" * 40


@pytest.fixture
def link(settings: Settings, professional: User) -> str:
    """A link made under the old key, before the new one came into use."""
    settings.HC_LINK_KEYS = [OLD]
    made = links.link_url(GuestFactory(host=professional, last_name="Früher"))
    settings.HC_LINK_KEYS = [NEW, OLD]
    return made


def status(link: str) -> int:
    return Client().get(urlsplit(link).path).status_code


def test_link_of_the_old_key_goes_on_working_and_is_copied_as_it_was(link: str) -> None:
    guest = Guest.objects.get(last_name="Früher")

    assert status(link) == 200
    assert links.link_url(guest) == link


def test_new_links_are_made_with_the_new_key(
    link: str, professional: User, settings: Settings
) -> None:
    later = links.link_url(GuestFactory(host=professional))

    settings.HC_LINK_KEYS = [NEW]
    assert [status(later), status(link)] == [200, 404]


def test_link_of_a_key_that_was_taken_away_can_be_made_again(link: str, settings: Settings) -> None:
    settings.HC_LINK_KEYS = [NEW]
    again = links.link_url(Guest.objects.get(last_name="Früher"))

    assert again != link
    assert [status(link), status(again)] == [404, 200]


def test_replaced_link_of_the_old_key_is_gone_and_not_unknown(link: str) -> None:
    Guest.objects.update(link_version=2)

    assert status(link) == 410
    assert status(links.link_url(Guest.objects.get(last_name="Früher"))) == 200


def test_guess_is_refused_under_several_keys(link: str) -> None:
    assert status(link[:-1] + ("a" if link[-1] != "a" else "b")) == 404


def told() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_operator_is_told_how_long_the_old_key_is_needed(link: str, settings: Settings) -> None:
    ends = f"{Guest.objects.get(last_name='Früher').link_expires_at:%Y-%m-%d}"

    assert f"{key_id(NEW)} makes new links." in told()
    assert f"{key_id(OLD)} is needed until {ends}: open links made with it: 1." in told()

    Guest.objects.update(link_expires_at=timezone.now() - timedelta(days=1))
    assert f"{key_id(OLD)} is not needed any more." in told()


def test_operator_is_told_of_links_whose_key_is_missing(link: str, settings: Settings) -> None:
    settings.HC_LINK_KEYS = [NEW]

    assert (
        f"{key_id(OLD)} is not given: links that no longer work and must be sent again: 1."
        in told()
    )

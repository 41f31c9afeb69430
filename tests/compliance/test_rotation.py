"""A new HC_MASTER_KEY: stored secrets move to it, and sign-in goes on all the while."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.core.keys import key_id
from tests.accounts.second_factors import code, password_given, recovery_codes, with_app

pytestmark = pytest.mark.django_db
NEW, OLD = "n" * 40, "o" * 40


@pytest.fixture
def doctor(settings: Settings, professional: User) -> User:
    """Has set up a second factor under the old key; now there is a new one."""
    settings.HC_MASTER_KEYS = [OLD]
    with_app(professional)
    settings.HC_MASTER_KEYS = [NEW, OLD]
    return professional


def rotate() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def signs_in(user: User, given: str) -> bool:
    client: Client = password_given(user)[0]
    return bool(client.post("/accounts/second-factor/", {"code": given}).status_code == 302)


def test_second_factor_of_the_old_key_lets_in(doctor: User) -> None:
    assert signs_in(doctor, code())


def test_secrets_move_to_the_new_key_and_the_old_one_can_go(
    doctor: User, settings: Settings
) -> None:
    codes = recovery_codes(doctor)

    told = rotate()

    assert f"{key_id(NEW)} encrypts." in told
    assert "secrets encrypted anew: 2." in told
    assert f"{key_id(OLD)} is not needed any more." in told
    assert "secrets encrypted anew: 0." in rotate()
    settings.HC_MASTER_KEYS = [NEW]
    assert recovery_codes(doctor) == codes
    assert signs_in(doctor, code())


def test_used_recovery_codes_stay_used(doctor: User, settings: Settings) -> None:
    spare = recovery_codes(doctor)[0]
    signs_in(doctor, spare)

    rotate()

    assert spare not in recovery_codes(doctor)
    assert len(recovery_codes(doctor)) == 9


def test_secret_whose_key_was_taken_away_is_told_and_left_alone(
    doctor: User, settings: Settings
) -> None:
    settings.HC_MASTER_KEYS = [NEW]
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))

    assert "secrets whose key is not given: 2." in rotate()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before

"""HC_REQUIRE_SECOND_FACTOR: first set one up, then everything else."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts.models import User
from tests.accounts.second_factors import code, password_given, with_app
from tests.infrastructure.clients import signed_in

pytestmark = pytest.mark.django_db
LEAD = "/settings/security/second-factor/"


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.HC_REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize(
    "path",
    ["/", "/patients/", "/patients/new/", "/settings/security/", "/accounts/password/change/"],
)
def test_everything_leads_to_setting_one_up(professional: User, path: str) -> None:
    client = signed_in(professional)

    assert client.get(path)["Location"] == LEAD
    assert client.post(path)["Location"] == LEAD
    assert client.get(LEAD).status_code == 200


@pytest.mark.parametrize("path", ["/imprint/", "/privacy/", "/terms/", "/healthz"])
def test_what_everybody_may_read_stays_open(professional: User, path: str) -> None:
    assert signed_in(professional).get(path).status_code == 200


def test_app_is_set_up_and_then_the_service_is_open(professional: User) -> None:
    client, _answer = password_given(professional)
    page: Any = client.get("/settings/security/app/")

    client.post("/settings/security/app/", {"code": code(page.context["form"].secret)})

    assert client.get("/settings/security/codes/").status_code == 200
    assert client.get("/patients/").status_code == 200
    assert client.get(LEAD)["Location"] == "/settings/security/"


def test_person_with_a_second_factor_notices_nothing(professional: User) -> None:
    assert signed_in(with_app(professional)).get("/patients/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(professional: User) -> None:
    with_app(professional).authenticator_set.filter(type="totp").delete()  # type: ignore[attr-defined]  # allauth's

    assert signed_in(professional).get("/patients/")["Location"] == LEAD


def test_signing_out_is_always_possible(professional: User) -> None:
    client = signed_in(professional)

    client.post("/accounts/logout/")

    assert client.session.get("_auth_user_id") is None


def test_visitors_and_guests_are_not_meant(client: Client) -> None:
    assert client.get("/").status_code == 200

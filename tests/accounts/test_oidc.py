"""Sign-in through OpenID Connect, with a real provider: who comes in, and who does not."""

import io
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts import entrance_views
from healthcompanion.accounts.models import User
from healthcompanion.core import environment
from healthcompanion.core.models import AuditEntry
from tests.accounts.mails import delivered
from tests.accounts.second_factors import code, password_given, with_app
from tests.infrastructure.clients import signed_in
from tests.infrastructure.oidc import Provider, provider
from tests.infrastructure.postgres import free_port

pytestmark = pytest.mark.django_db
ANNA = "anna.berger@praxis.example"
PEOPLE: list[dict[str, Any]] = [
    {"sub": "anna-1", "email": ANNA, "email_verified": True, "name": "Dr. A. Berger"},
    {"sub": "unverified", "email": ANNA, "email_verified": False},
    {"sub": "word", "email": ANNA, "email_verified": "false"},
    {"sub": "silent", "email": ANNA},
    {"sub": "nameless"},
    {"sub": "unknown", "email": "neu@klinik.example", "email_verified": True},
]
START = "/accounts/oidc/sso/"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider(*PEOPLE) as started:
        yield started


@pytest.fixture(autouse=True)
def clinic(running: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider is configured as an operator would."""
    monkeypatch.setenv("HC_OIDC_ISSUER", running.url)
    monkeypatch.setenv("HC_OIDC_CLIENT_ID", "healthcompanion")
    monkeypatch.setenv("HC_OIDC_CLIENT_SECRET", "a secret between the two")
    monkeypatch.setenv("HC_OIDC_NAME", "Klinik am See")
    for name, value in environment.oidc_settings().items():
        setattr(settings, name, value)
    return running


def through(clinic: Provider, subject: str, client: Client | None = None) -> tuple[Client, Any]:
    """From the button of our sign-in page to the answer after the provider's."""
    client = client or Client()
    there = client.post(START)["Location"]
    back = urlsplit(clinic.sign_in(there, subject))
    return client, client.get(f"{back.path}?{back.query}")


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_button_leads_to_the_provider_and_its_answer_lets_in(
    professional: User, clinic: Provider
) -> None:
    page = Client().get("/accounts/login/").content.decode()
    client, answer = through(clinic, "anna-1")

    assert "Mit Klinik am See anmelden" in page
    assert (answer["Location"], who(client)) == ("/", str(professional.pk))
    assert [letter.to for letter in delivered()] == [[ANNA]]


def test_request_carries_state_and_a_challenge(clinic: Provider) -> None:
    there = urlsplit(Client().post(START)["Location"])

    asked = parse_qs(there.query)
    assert f"{there.scheme}://{there.netloc}" == clinic.url
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 16
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == ["http://testserver/accounts/oidc/sso/callback/"]


def test_identity_is_known_the_next_time_and_nothing_else_is_kept(
    professional: User, clinic: Provider
) -> None:
    through(clinic, "anna-1")
    User.objects.update(email="anna.neu@praxis.example")
    EmailAddress.objects.update(email="anna.neu@praxis.example")

    client, _answer = through(clinic, "anna-1")

    account = SocialAccount.objects.get()
    assert who(client) == str(professional.pk)
    assert (account.extra_data, SocialToken.objects.count()) == ({}, 0)
    assert "anna-1" not in account.uid


@pytest.mark.parametrize("subject", ["unverified", "word", "silent", "nameless", "unknown"])
def test_only_a_verified_address_finds_its_account(
    professional: User, clinic: Provider, subject: str
) -> None:
    client, answer = through(clinic, subject)

    assert (answer.status_code, who(client)) == (403, None)
    is_unproven = subject in ("unverified", "word", "silent")
    words = "bestätigt aber nicht" if is_unproven else "Hier noch kein Konto"
    assert words in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_account_whose_own_address_was_never_confirmed_is_not_found(
    professional: User, clinic: Provider
) -> None:
    """Somebody else may have registered it and wait for its owner."""
    EmailAddress.objects.update(verified=False)

    client, answer = through(clinic, "anna-1")

    assert (answer.status_code, who(client)) == (403, None)


def test_deactivated_person_does_not_come_in(professional: User, clinic: Provider) -> None:
    through(clinic, "anna-1")
    User.objects.update(is_active=False)

    assert who(through(clinic, "anna-1")[0]) is None


def test_second_factor_is_asked_for_here_too(professional: User, clinic: Provider) -> None:
    with_app(professional)

    client, answer = through(clinic, "anna-1")

    assert (answer["Location"], who(client)) == ("/accounts/second-factor/", None)
    client.post("/accounts/second-factor/", {"code": code()})
    assert who(client) == str(professional.pk)


def test_answer_that_nobody_asked_for_is_refused(professional: User, clinic: Provider) -> None:
    there = Client().post(START)["Location"]
    back = urlsplit(clinic.sign_in(there, "anna-1"))
    other = Client()

    answer = other.get(f"{back.path}?{back.query}")

    assert (answer.status_code, who(other)) == (401, None)
    assert "nicht geklappt" in answer.content.decode()


def test_stranger_who_is_in_ties_no_identity_to_the_account(
    stranger: User, clinic: Provider
) -> None:
    client = signed_in(stranger)
    there = client.post(f"{START}?process=connect")["Location"]
    back = urlsplit(clinic.sign_in(there, "anna-1"))

    answer = client.get(f"{back.path}?{back.query}")

    assert answer["Location"] == "/settings/security/"
    assert SocialAccount.objects.count() == 0


def test_looking_at_the_address_starts_nothing(clinic: Provider) -> None:
    page = Client().get(START)

    assert page.status_code == 200
    assert "Mit Klinik am See anmelden" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HC_OIDC_CLIENT_SECRET", "", "belong together"),
        ("HC_OIDC_CLIENT_ID", "", "belong together"),
        ("HC_OIDC_ISSUER", "", "belong together"),
        ("HC_OIDC_ISSUER", "http://login.example.org", "must look like https://"),
        ("HC_OIDC_ISSUER", "login.example.org", "must look like https://"),
    ],
)
def test_half_a_configuration_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=sentence):
        environment.oidc_settings()


def test_nothing_is_offered_where_nothing_is_configured(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME"):
        monkeypatch.delenv(f"HC_OIDC_{name}")
    for name, value in environment.oidc_settings().items():
        setattr(settings, name, value)

    assert START not in Client().get("/accounts/login/").content.decode()
    assert Client().post(START).status_code == 404


def settings_of_provider() -> Any:
    providers: Any = django_settings.SOCIALACCOUNT_PROVIDERS
    return providers["openid_connect"]["APPS"][0]["settings"]


def test_same_identifier_at_another_provider_is_a_stranger(
    professional: User, clinic: Provider
) -> None:
    through(clinic, "anna-1")
    EmailAddress.objects.update(verified=False)
    with provider({"sub": "anna-1"}) as other:
        settings_of_provider()["server_url"] = other.url
        client, answer = through(other, "anna-1")

    assert (answer.status_code, who(client)) == (403, None)


def test_provider_that_is_away_is_a_page_and_no_fault() -> None:
    settings_of_provider()["server_url"] = f"http://localhost:{free_port()}"

    answer = Client().post(START)

    assert answer.status_code == 424
    assert "socialaccount/authentication_error.html" in [part.name for part in answer.templates]


def test_waiting_for_the_provider_holds_few_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(entrance_views, "asking", taken)

    assert Client().post(START).status_code == 424


def test_asking_again_and_again_is_slowed_down(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"oidc": "2/m/ip"}
    cache.clear()
    client = Client()

    answers = [client.post(START).status_code for _ in range(3)]
    cache.clear()

    assert answers == [302, 302, 429]


def test_reset_of_second_factors_cuts_the_tie(professional: User, clinic: Provider) -> None:
    through(clinic, "anna-1")

    call_command("reset_second_factor", ANNA, stdout=io.StringIO())

    assert not SocialAccount.objects.exists()


def test_tie_is_shown_and_can_be_cut(professional: User, clinic: Provider) -> None:
    client, _answer = through(clinic, "anna-1")
    tie = SocialAccount.objects.get()
    address = f"/settings/security/services/{tie.pk}/removal/"
    assert address in client.get("/settings/security/").content.decode()
    assert "Klinik am See" in client.get(address).content.decode()
    assert SocialAccount.objects.exists(), "looking at it removes nothing"

    answer = client.post(address, follow=True)

    assert "führt nicht mehr hierher" in answer.content.decode()
    assert not SocialAccount.objects.exists()
    assert AuditEntry.objects.filter(action="oidc.removed").count() == 1
    assert "Der andere Anmeldedienst wurde entfernt" in [mail.subject for mail in delivered()]


def test_only_way_in_is_kept(professional: User, clinic: Provider) -> None:
    professional.set_unusable_password()
    professional.save()
    client, _answer = through(clinic, "anna-1")

    client.post(f"/settings/security/services/{SocialAccount.objects.get().pk}/removal/")

    assert SocialAccount.objects.exists()


def test_tie_of_somebody_else_is_not_there(
    professional: User, stranger: User, clinic: Provider
) -> None:
    through(clinic, "anna-1")
    client, _answer = password_given(stranger)

    answer = client.post(f"/settings/security/services/{SocialAccount.objects.get().pk}/removal/")

    assert (answer.status_code, SocialAccount.objects.count()) == (404, 1)


def test_cutting_a_tie_asks_again_who_it_is(professional: User, clinic: Provider) -> None:
    through(clinic, "anna-1")
    client = signed_in(professional)

    answer = client.post(f"/settings/security/services/{SocialAccount.objects.get().pk}/removal/")

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert SocialAccount.objects.exists()


def test_where_one_wanted_to_go_is_kept(professional: User, clinic: Provider) -> None:
    client = Client()
    page = client.get("/accounts/login/?next=/patients/").content.decode()
    there = client.post(START, {"next": "/patients/"})["Location"]
    back = urlsplit(clinic.sign_in(there, "anna-1"))

    answer = client.get(f"{back.path}?{back.query}")

    assert page.count('name="next" value="/patients/"') == 3  # password, provider, passkey
    assert answer["Location"] == "/patients/"

"""Registration of an individual account, up to the first sign-in."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts.models import LegalAcceptance, User
from healthcompanion.core.models import AuditEntry
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Membership, Organisation
from tests.accounts.mails import delivered, link_in

pytestmark = pytest.mark.django_db
PASSWORD = "Lavendel-77-Treppe"
GOOD = {
    "title": "Dr. med.",
    "first_name": "Nora",
    "last_name": "Neumann",
    "email": "Nora.Neumann@Praxis.Example",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "practice_name": "Praxis Neumann",
    "street": "Weg 1",
    "postal_code": "80331",
    "city": "München",
    "country": "DE",
    "phone": "+49 89 1",
    "terms": "on",
    "privacy": "on",
}
ADDRESS = "nora.neumann@praxis.example"


def register(client: Client, **changes: Any) -> Any:
    return client.post("/accounts/signup/", {**GOOD, **changes})


def sign_in(client: Client, email: str = ADDRESS, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_registering_makes_person_tenant_and_acceptances(
    client: Client, settings: Settings
) -> None:
    settings.HC_TERMS_VERSION, settings.HC_PRIVACY_VERSION = "2026-11", "2026-10"

    answer = register(client)

    user = User.objects.get()
    membership = Membership.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    assert {name: getattr(user, name) for name in GOOD if hasattr(user, name)} == {
        name: value.lower() if name == "email" else value
        for name, value in GOOD.items()
        if hasattr(user, name)
    }
    assert user.check_password(PASSWORD)
    assert (membership.user, membership.role) == (user, "professional")
    assert (membership.is_licensed, membership.is_administrator) == (True, False)
    assert (membership.organisation.kind, membership.organisation.name) == (
        "individual",
        "Praxis Neumann",
    )
    assert set(LegalAcceptance.objects.values_list("user", "document", "version")) == {
        (user.pk, "terms", "2026-11"),
        (user.pk, "privacy", "2026-10"),
    }
    assert AuditEntry.objects.get().action == "organisation.opened"


def test_practice_without_a_name_bears_the_persons(client: Client) -> None:
    register(client, practice_name="")

    assert Organisation.objects.get().name == "Dr. med. Nora Neumann"


@pytest.mark.parametrize("language", ["de", "en"])
def test_language_of_the_page_becomes_that_of_the_account(client: Client, language: str) -> None:
    client.cookies["hc_language"] = language
    register(client)

    subject = delivered()[0].subject

    assert User.objects.get().language == language
    assert (subject == "Please confirm your e-mail address") == (language == "en")


def test_nobody_is_signed_in_before_the_address_is_confirmed(client: Client) -> None:
    register(client)
    after_registration = is_signed_in(client)
    answer = sign_in(Client())
    other = Client()
    sign_in(other)

    assert (after_registration, is_signed_in(other)) == (False, False)
    assert answer["Location"] == "/accounts/confirm-email/"


def test_link_confirms_only_by_its_button(client: Client) -> None:
    register(client)
    (letter,) = delivered()
    path = link_in(letter)
    scanner, person = Client(), Client()

    opened = [scanner.get(path).status_code, scanner.head(path).status_code]
    before = sign_in(Client())["Location"]
    pressed = person.post(path)
    after = Client()
    signed_in_at = sign_in(after)["Location"]

    assert letter.to == [ADDRESS]
    assert opened == [200, 200]
    assert before == "/accounts/confirm-email/"
    assert pressed.status_code == 302
    assert (signed_in_at, is_signed_in(after)) == ("/", True)


def test_made_up_confirmation_confirms_nothing(client: Client) -> None:
    register(client)

    answers = [
        client.get("/accounts/confirm-email/abc/"),
        client.post("/accounts/confirm-email/abc/"),
    ]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert sign_in(Client())["Location"] == "/accounts/confirm-email/"


def test_known_address_gets_the_same_answer_and_a_mail_of_its_own(client: Client) -> None:
    first = register(client)
    delivered()
    cache.clear()  # a mail for the same address goes out every three minutes at most
    second = register(Client(), first_name="Eva", email=GOOD["email"].upper())

    letters = delivered()
    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])
    assert Client().get(second["Location"]).status_code == 200
    assert User.objects.get().first_name == "Nora"
    assert Organisation.objects.count() == 1
    assert set(Message.objects.values_list("kind", flat=True)) == {
        "account.confirmation",
        "account.exists_already",
    }
    assert {tuple(letter.to) for letter in letters} == {(ADDRESS,)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("last_name", ""),
        ("street", ""),
        ("postal_code", "1" * 13),
        ("city", ""),
        ("country", "FR"),
        ("terms", ""),
        ("privacy", ""),
        ("email", "nora"),
        ("email", f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'y' * 60}.{'z' * 20}.example"),
        ("password2", "Lavendel-77-Treppen"),
        ("first_name", "Nul\x00l"),
    ],
)
def test_wrong_value_creates_nothing_and_keeps_the_rest(
    client: Client, field: str, value: str
) -> None:
    answer = register(client, **{field: value})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert (User.objects.count(), Organisation.objects.count()) == (0, 0)
    for name in {"title", "last_name", "street", "phone", "practice_name"} - {field}:
        assert f'value="{GOOD[name]}"' in page
    assert PASSWORD not in page


@pytest.mark.parametrize("password", ["kurz", "Nora.Neumann1", "P@ssw0rd"])
def test_weak_password_is_refused(client: Client, password: str) -> None:
    answer = register(client, password1=password, password2=password)

    assert list(answer.context["form"].errors) == ["password1"]
    assert not User.objects.exists()


def test_texts_are_to_be_accepted_in_words(client: Client) -> None:
    client.cookies["hc_language"] = "en"

    errors = register(client, terms="", privacy="").context["form"].errors

    assert {name: list(texts) for name, texts in errors.items()} == {
        "terms": ["Please accept the terms of use to go on."],
        "privacy": ["Please confirm that you have read the privacy information."],
    }


def test_mail_server_that_is_down_does_not_stop_a_registration(
    client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert register(client).status_code == 302
    delivered()
    assert Message.objects.get().state == Message.State.QUEUED


def test_page_shows_no_error_before_anything_was_typed(client: Client) -> None:
    page = client.get("/accounts/signup/")

    assert page.status_code == 200
    assert re.findall(r"aria-invalid", page.content.decode()) == []

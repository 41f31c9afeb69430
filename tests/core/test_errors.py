"""What people see when something is wrong: always a sentence, a way on, and never a trace."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from healthcompanion.accounts.models import User
from tests.infrastructure.clients import signed_in


def fails(error: type[Exception]) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error("Wolkenschieber")

    return view


urlpatterns = [
    path("", include("healthcompanion.urls")),
    path("broken/", fails(RuntimeError)),
    path("forbidden/", fails(PermissionDenied)),
    path("unreadable/", fails(BadRequest)),
]
handler400 = "healthcompanion.core.errors.bad_request"
handler500 = "healthcompanion.core.errors.server_error"


@pytest.fixture
def failing(client: Client, settings: Settings, professional: User) -> Client:
    """A signed-in person's browser, on an installation with views that fail."""
    settings.ROOT_URLCONF = __name__
    browser = signed_in(professional)
    browser.raise_request_exception = False
    return browser


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "german", "english"),
    [
        ("/nowhere/", 404, "Diese Seite gibt es nicht", "This page does not exist"),
        ("/forbidden/", 403, "keinen Zugang zu dieser Seite", "You have no access to this page"),
        ("/unreadable/", 400, "nicht zu verstehen", "This request could not be understood"),
        ("/broken/", 500, "Es ist ein Fehler aufgetreten", "Something went wrong"),
    ],
)
def test_error_is_a_page_in_the_persons_language(
    failing: Client, professional: User, address: str, status: int, german: str, english: str
) -> None:
    answers = [failing.get(address)]
    User.objects.filter(pk=professional.pk).update(language="en")
    answers.append(failing.get(address))

    assert [answer.status_code for answer in answers] == [status, status]
    assert german in text_of(answers[0])
    assert english in text_of(answers[1])
    for answer in answers:
        assert "Wolkenschieber" not in text_of(answer)
        assert 'href="/"' in text_of(answer)
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_form_of_yesterday_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/language/", {"language": "en"})

    assert answer.status_code == 403
    assert "Formular" in text_of(answer)


@pytest.mark.django_db
def test_too_many_tries_are_slowed_down_with_a_page(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    cache.clear()
    body = {"login": "nobody@example.org", "password": "wrong"}

    answers = [client.post("/accounts/login/", body) for _ in range(4)]
    cache.clear()

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "60"
    assert "Das ging etwas zu schnell" in text_of(answers[3])


@pytest.mark.django_db
def test_page_of_a_fault_needs_no_database(failing: Client) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(away):
        answer = failing.get("/")

    assert answer.status_code == 500
    assert "Es ist ein Fehler aufgetreten" in text_of(answer)


@pytest.mark.django_db
def test_page_of_a_fault_needs_no_collected_files(failing: Client, settings: Settings) -> None:
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}

    answer = failing.get("/broken/")

    assert answer.status_code == 500
    assert "Es ist ein Fehler aufgetreten" in text_of(answer)
    assert "stylesheet" not in text_of(answer)


@pytest.mark.django_db
def test_unreadable_request_still_gets_a_page_that_works(failing: Client) -> None:
    page = text_of(failing.get("/unreadable/"))

    assert 'name="csrfmiddlewaretoken"' in page
    assert 'nonce=""' not in page


@pytest.mark.django_db
def test_foreign_host_gets_a_page_too(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in text_of(answer)

"""What every answer says to the browser."""

import pytest
from django.test import Client
from pytest_django import Settings

from healthcompanion.accounts.models import User
from healthcompanion.guests.models import Guest
from tests.infrastructure.clients import signed_in, with_ticket


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/privacy/", "/nowhere/"])
def test_page_may_use_camera_and_microphone_and_nothing_else(path: str) -> None:
    policy = Client().get(path)["Permissions-Policy"]

    assert "camera=(self)" in policy
    assert "microphone=(self)" in policy
    assert "geolocation=()" in policy


@pytest.mark.django_db
def test_page_loads_nothing_from_elsewhere() -> None:
    policy = Client().get("/privacy/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types htmx" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_only_pages_with_a_call_may_run_webassembly(professional: User, guest: Guest) -> None:
    answers = {
        "shell": signed_in(professional).get("/patients/"),
        "visit": with_ticket(guest).get(f"/g/{guest.code}/"),
        "sign-in": Client().get("/accounts/login/"),
        "privacy": Client().get("/privacy/"),
    }
    scripts = {
        name: next(
            part.strip()
            for part in answer["Content-Security-Policy"].split(";")
            if part.strip().startswith("script-src")
        )
        for name, answer in answers.items()
    }

    assert {name for name, script in scripts.items() if "'wasm-unsafe-eval'" in script} == {
        "shell",
        "visit",
    }
    assert not any("'unsafe-" in script for script in scripts.values())
    assert all("'self'" in script and "'nonce-" in script for script in scripts.values())


@pytest.mark.parametrize(
    ("host", "path", "leads"),
    [
        ("127.0.0.1:8000", "/patients/?x=1", "http://localhost:8000/patients/?x=1"),
        ("127.0.0.1:8000", "/healthz", None),
        ("127.0.0.1:9000", "/accounts/login/", None),
        ("localhost:8000", "/accounts/login/", None),
    ],
)
def test_other_spelling_of_localhost_leads_to_the_public_address(
    client: Client, settings: Settings, host: str, path: str, leads: str | None
) -> None:
    settings.HC_ORIGINS = ["https://10.0.0.5:8000", "http://localhost:8000"]
    settings.ALLOWED_HOSTS = ["*"]

    answer = client.get(path, headers={"host": host})

    assert answer.headers.get("Location") == leads

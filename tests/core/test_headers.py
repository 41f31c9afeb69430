"""What every answer says to the browser."""

import pytest
from django.test import Client
from pytest_django import Settings


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

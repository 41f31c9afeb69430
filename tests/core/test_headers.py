"""What every answer says to the browser."""

import pytest
from django.test import Client


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

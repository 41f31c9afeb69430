"""The whole settings file in a process of its own: what starts, and what refuses to start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SHOW = (
    "from healthcompanion import settings as s;"
    "print(s.SECURE, s.HC_OUTBOX, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.HC_ORIGINS,"
    "s.ALLOWED_HOSTS)"
)
PRODUCTION = {
    "HC_DEMO": "0",
    "HC_SECRET_KEY": "x" * 50,
    "HC_LINK_KEY": "y" * 50,
    "HC_MASTER_KEY": "z" * 50,
    "HC_BASE_URL": "https://video.example.org",
    "HC_EMAIL_URL": "smtp://mail.example.org",
    "HC_EMAIL_FROM": "video@example.org",
    "HC_OPERATOR_NAME": "Klinik am See",
    "HC_OPERATOR_STREET": "Seeweg 1",
    "HC_OPERATOR_CITY": "80331 München",
    "HC_OPERATOR_EMAIL": "video@example.org",
    "HC_OPERATOR_PHONE": "+49 89 1234",
}


def load(folder: Path, code: str = SHOW, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name[:3] != "HC_"}
    environment |= {"HC_DATA_DIR": str(folder), **variables}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_development_starts_with_no_variable(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)

    keys = tmp_path / "demo-keys.json"
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout)
    assert first.stdout.startswith("False True hc_session False ['http://localhost:8000']")
    assert keys.stat().st_mode & 0o777 == 0o600


def test_production_starts_with_its_variables(tmp_path: Path) -> None:
    done = load(tmp_path, **PRODUCTION)

    assert done.stdout.startswith(
        "True False __Host-hc_session True ['https://video.example.org']"
        " ['video.example.org', 'localhost'"
    ), done.stderr
    assert not (tmp_path / "demo-keys.json").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"HC_SECRET_KEY": ""}, "HC_SECRET_KEY (or HC_SECRET_KEY_FILE) must be set"),
        ({"HC_LINK_KEY": ""}, "HC_LINK_KEY (or HC_LINK_KEY_FILE) must be set"),
        ({"HC_MASTER_KEY": ""}, "HC_MASTER_KEY (or HC_MASTER_KEY_FILE) must be set"),
        ({"HC_LINK_KEY": "y" * 31}, "HC_LINK_KEY: every key needs 32 characters or more"),
        ({"HC_LINK_KEY": "y" * 50 + " short"}, "HC_LINK_KEY: every key needs 32 characters"),
        ({"HC_MASTER_KEY": "y" * 50}, "HC_SECRET_KEY, HC_LINK_KEY, HC_MASTER_KEY: no key may"),
        ({"HC_SECRET_KEY_FILE": "/nowhere"}, "HC_SECRET_KEY_FILE cannot be read"),
        ({"HC_EMAIL_URL": ""}, "HC_EMAIL_URL must be set when HC_DEMO is off"),
        ({"HC_EMAIL_FROM": ""}, "HC_EMAIL_FROM must be set when HC_DEMO is off"),
        ({"HC_OPERATOR_PHONE": ""}, "HC_OPERATOR_PHONE must be set when HC_DEMO is off"),
        ({"HC_DEMO": "maybe"}, "HC_DEMO must be one of"),
        ({"HC_RING_SECONDS": "long"}, "HC_RING_SECONDS must be a whole number"),
        ({"HC_MAX_PERSONS": "10"}, "HC_MAX_PERSONS must be between 2 and 9"),
        ({"HC_BASE_URL": "video.example.org"}, "HC_BASE_URL must look like https://"),
    ],
)
def test_production_says_what_is_missing(
    tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    done = load(tmp_path, **{**PRODUCTION, **change})

    assert done.returncode != 0
    assert f"ImproperlyConfigured: {sentence}" in done.stderr


EXPOSED = (
    "from healthcompanion import settings as s; print(s.HC_ORIGINS, s.SECURE_HSTS_SECONDS > 0)"
)


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        (PRODUCTION, "['https://video.example.org'] True"),
        (
            {"HC_DEMO": "1", "HC_BASE_URL": "https://192.168.1.5:8000"},
            "['https://192.168.1.5:8000', 'http://localhost:8000'] False",
        ),
        (
            {"HC_DEMO": "1", "HC_BASE_URL": "https://demo.example.org"},
            "['https://demo.example.org'] False",
        ),
    ],
)
def test_only_the_demo_in_a_network_is_at_home_on_localhost_too(
    tmp_path: Path, variables: dict[str, str], printed: str
) -> None:
    assert load(tmp_path, EXPOSED, **variables).stdout.strip() == printed

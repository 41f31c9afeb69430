"""No token in any log line."""

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

from healthcompanion.core.logs import RedactingFormatter, redact
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest
from tests.infrastructure.privacy import private_lines

CODE, PROOF = "abcdefgh2345", "zyxwvutsrq7654325432"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /g/{CODE}-{PROOF} 200",
        f"Not Found: /g/{CODE}-{PROOF}",
        f"Not Found: /G/{CODE.upper()}-{PROOF.upper()}/",
        f"Not Found: /g/{CODE[:-1]}-{PROOF}",  # mistyped: the proof is still somebody's
        f"Not Found: /g/{CODE}{PROOF}",
        f"Not Found: /g/{CODE}_{PROOF}",
        f"Not Found: /g/{CODE}%2D{PROOF}",
        f"Not Found: /g/{CODE}–{PROOF}",
        f"Not Found: /g/{CODE} {PROOF}",
        f"Not Found: /g/{CODE}/{PROOF}",
        f"Not Found: /g/{CODE}/state/{PROOF}",
        f"Not Found: /g/{CODE}-{PROOF}.",
        f"Forbidden (CSRF cookie not set.): /g/{CODE}-{PROOF}",
        f"see http://localhost:8000/g/{CODE}-{PROOF}?utm=1 for more",
        f"GET /accounts/password/reset/key/3-{PROOF}/ 200",
        f"GET /accounts/confirm-email/MQ:{PROOF}:sig/ 200",
        f"GET /patients/?search={PROOF} 200",
        f"GET https://video.example.org/patients/?search={PROOF} 200",
    ],
)
def test_secret_part_is_cut(line: str) -> None:
    assert PROOF.lower() not in redact(line).lower()


@pytest.mark.parametrize(
    "line",
    [
        "GET /patients/ 200",
        f"GET /g/{CODE}/state/ 200",
        f"GET /g/{CODE}/ 200",
        f"Not Found: /g/{CODE}/calls/{CODE}/end/",
        f"gone: '/g/{CODE}/calls/{CODE}/'.",
        "GET /accounts/login/ 200",
        "What now? Nothing.",
    ],
)
def test_the_rest_stays_readable(line: str) -> None:
    assert redact(line) == line


def test_enough_is_left_to_find_the_row() -> None:
    assert redact(f"Not Found: /g/{CODE}-{PROOF}") == f"Not Found: /g/{CODE}-…"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the configured handler would write to the console."""
    text = io.StringIO()
    logging.config.dictConfig(settings.LOGGING)
    handlers = logging.getLogger().handlers
    (handler,) = (row for row in handlers if isinstance(row.formatter, RedactingFormatter))
    monkeypatch.setattr(handler, "stream", text)
    return text


@pytest.mark.django_db
def test_pages_log_no_token(guest: Guest, written: io.StringIO) -> None:
    path = link_url(guest).removeprefix(settings.HC_BASE_URL)
    strict = Client(enforce_csrf_checks=True)

    strict.post(path)
    Client().delete(path)
    Client().get(path[:-1])

    assert written.getvalue().count("/g/") >= 3
    assert path.split("-")[1][:-1] not in written.getvalue()


def test_arguments_and_tracebacks_are_cut_as_well(written: io.StringIO) -> None:
    logger = logging.getLogger("healthcompanion.test")

    logger.warning("%s by %s", f"/g/{CODE}-{PROOF}", "somebody")
    try:
        raise ValueError(f"cannot reverse /g/{CODE}-{PROOF}")
    except ValueError:
        logger.exception("trouble at /g/%s-%s", CODE, PROOF)

    assert "somebody" in written.getvalue()
    assert "Traceback" in written.getvalue()
    assert PROOF not in written.getvalue()
    assert written.getvalue().count(f"/g/{CODE}-…") == 3


@pytest.mark.parametrize(
    "line",
    [
        "INFO mail to anna.berger@praxis.example",
        "INFO Paul Patient waits",
        f"WARNING Not Found: /g/{CODE}-{PROOF}",
        "DEBUG < TEXT 'a=fingerprint:sha-256 00'",
    ],
)
def test_what_tells_of_somebody_is_noticed(line: str) -> None:
    assert list(private_lines(f"{line}\nINFO started")) == [line]


def test_libraries_stay_silent_about_what_they_carry() -> None:
    logging.config.dictConfig(settings.LOGGING)

    for name in ("django.template", "django.db.backends", "websockets.server", "uvicorn.error"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name

"""What never stands in a log: guest tokens, keys of account links, queries."""

import logging
import re
from typing import Any

# Behind a guest's code only known pages stay: however a link was mangled on its way, its proof
# is still somebody's, also after a blank.
GUEST_PATHS = re.compile(
    r"(?P<code>/g/[a-z2-7]{0,12})(?P<rest>[^\s?]*(?:\s+[a-z2-7]{18,})?)", re.IGNORECASE
)
GUEST_PAGES = re.compile(
    r"/?|/(name|waiting|departure|state|cancellation|calls/[a-z2-7]{12}(/(acceptance|refusal|end))?)/"
    r"[\"'),.:]*"
)
ACCOUNT_KEYS = re.compile(r"(/accounts/[^\s]*?key)/[^\s?]+")
CONFIRMATIONS = re.compile(r"(/accounts/confirm-email)/[^\s?]+")
QUERIES = re.compile(r"(\S*/[^\s?]*)\?\S+")


def redact(line: str) -> str:
    """`line` without the secret part of any address in it."""
    line = GUEST_PATHS.sub(_guest_path, line)
    line = ACCOUNT_KEYS.sub(r"\1/…", line)
    line = CONFIRMATIONS.sub(r"\1/…", line)
    return QUERIES.sub(r"\1?…", line)


def _guest_path(found: re.Match[str]) -> str:
    rest = found["rest"]
    return found["code"] + (rest if GUEST_PAGES.fullmatch(rest) else "-…")


class RedactingFormatter(logging.Formatter):
    """Cuts every line as it is written, with its arguments and its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: all to the console, our own from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        # An address may carry a guest's token or an account key: nothing is logged uncut.
        "formatters": {
            "plain": {
                "()": "healthcompanion.core.logs.RedactingFormatter",
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        # Libraries debug with what they carry (a template's context, a socket's frames).
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "healthcompanion": {"level": level},
            # Prints what an exception said; core.jobs tells the same without it.
            "django_tasks": {"level": "CRITICAL"},
            "django_tasks_db": {"level": "WARNING"},
        },
    }

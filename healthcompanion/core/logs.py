"""What never stands in a log: guest tokens, keys of account links, queries."""

import logging
import re

TOKEN_PATHS = re.compile(
    r"(/g/[a-z2-7]{12})-[^\s/?]+|(/accounts/[^\s]*?key)/[^\s?]+", re.IGNORECASE
)
CONFIRMATIONS = re.compile(r"(/accounts/confirm-email)/[^\s?]+")
QUERIES = re.compile(r"(\s/[^\s?]*)\?[^\s]+")


def redact(line: str) -> str:
    """`line` without the secret part of any address in it."""
    line = TOKEN_PATHS.sub(lambda found: f"{found[1] or found[2]}-…", line)
    line = CONFIRMATIONS.sub(r"\1/…", line)
    return QUERIES.sub(r"\1?…", line)


class RedactTokens(logging.Filter):
    """Rewrites every record before a handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cut = redact(message)
        if cut != message:
            record.msg, record.args = cut, ()
        return True

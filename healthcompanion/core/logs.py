"""What never stands in a log: guest tokens, keys of account links, queries."""

import logging
import re

# A mistyped code is cut as well: the proof behind it is still somebody's.
TOKEN_PATHS = re.compile(r"(/g/[^\s/?-]*)-[^\s/?]+|(/accounts/[^\s]*?key)/[^\s?]+", re.IGNORECASE)
CONFIRMATIONS = re.compile(r"(/accounts/confirm-email)/[^\s?]+")
QUERIES = re.compile(r"(\S*/[^\s?]*)\?\S+")


def redact(line: str) -> str:
    """`line` without the secret part of any address in it."""
    line = TOKEN_PATHS.sub(lambda found: f"{found[1] or found[2]}-…", line)
    line = CONFIRMATIONS.sub(r"\1/…", line)
    return QUERIES.sub(r"\1?…", line)


class RedactingFormatter(logging.Formatter):
    """Cuts every line as it is written, with its arguments and its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

"""What may stand in no log line (regulation C: no personal data, no content)."""

import re
from collections.abc import Iterator

# The cast of the browser tests, everybody's addresses, and what carries a call or opens a door.
PRIVATE = re.compile(
    r"""
    \b(?:Anna|Berger|Paul|Patient\b(?!s)|Erika|Mustermann)\b
    | [\w.+-]+@[\w-]+\.\w                     # mail addresses
    | /g/[a-z2-7]{12}[^/\s"'.)]*[a-z2-7]{12}    # a guest's link
    | /key/[^/\s…]+                            # a link in an account mail
    | hc_(?:session|guest_\w+)=                # cookies
    | \ba=(?:fingerprint|ice-pwd) | \bcandidate:
    """,
    re.VERBOSE,
)


def private_lines(log: str) -> Iterator[str]:
    """The lines of `log` that tell something about somebody."""
    return (line for line in log.splitlines() if PRIVATE.search(line))

"""Session descriptions on their way from one browser to the other; never stored."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Description(Struct, forbid_unknown_fields=True):
    """An SDP offer or answer (RFC 8829)."""

    type: Literal["offer", "answer", "pranswer", "rollback"]
    sdp: Annotated[str, Meta(max_length=48 * 1024)] = ""


def offer_key(call_code: str) -> str:
    """Where the bus holds the offer of a ring, for at most 60 s."""
    return f"offer:{call_code}"

"""The frames of docs/protocol.md that clients send, checked by shape, size and depth."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from healthcompanion.calls.descriptions import Description

Code = Annotated[str, Meta(pattern=r"^[a-z2-7]{12}\Z")]
PageId = Annotated[str, Meta(pattern=r"^[a-z2-7]{12}\Z")]  # made up by each page for itself
PublicKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}\Z")]  # a point on P-256
Ciphertext = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+\Z", max_length=10_923)]  # of 8 KiB
MAX_FRAME = 64 * 1024


class Ping(Struct, tag="ping", forbid_unknown_fields=True):
    """I am alive; the last sequence number that I saw."""

    seq: Annotated[int, Meta(ge=0, le=2**53)]


class JoinCall(Struct, tag="call.join", forbid_unknown_fields=True):
    """This page takes part in the call from now on."""

    call: Code


class Candidate(Struct, forbid_unknown_fields=True, rename="camel"):
    """An ICE candidate as browsers write it (RFC 8838)."""

    candidate: Annotated[str, Meta(max_length=2048)]
    sdp_mid: Annotated[str, Meta(max_length=64)] | None = None
    sdp_m_line_index: Annotated[int, Meta(ge=0, le=64)] | None = msgspec.field(
        default=None, name="sdpMLineIndex"
    )
    username_fragment: Annotated[str, Meta(max_length=256)] | None = None


class RelaySignal(Struct, tag="signal.relay", forbid_unknown_fields=True):
    """A description or a candidate for one other participant of the call."""

    call: Code
    to: Code
    description: Description | None = None
    candidate: Candidate | msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        if (self.description is None) == (self.candidate is msgspec.UNSET):
            raise ValueError("exactly one of description and candidate")


class Greeting(Struct, tag="greeting", tag_field="kind", forbid_unknown_fields=True):
    """A page says that it is there, and by which key; to all pages of the other side, or to one."""

    page: PageId
    to: PageId | None
    key: PublicKey


class Sealed(Struct, tag="sealed", tag_field="kind", forbid_unknown_fields=True):
    """Something that only the page `to` can read; the next of its sender's to it."""

    page: PageId
    to: PageId
    number: Annotated[int, Meta(ge=1, le=2**32)]
    body: Ciphertext


class RelayVisit(Struct, tag="visit.relay", forbid_unknown_fields=True):
    """An envelope between a waiting guest and their host, passed on unopened (DEC-20)."""

    guest: Code
    envelope: Greeting | Sealed


ClientFrame = Ping | JoinCall | RelaySignal | RelayVisit
_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)
encode = msgspec.json.encode


class BadFrame(Exception):
    """The frame does not fit the protocol; says no more than that to its sender."""


def parse(text: str) -> ClientFrame:
    """A client's frame. Raises BadFrame for anything that the protocol does not know."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadFrame(str(error)) from error

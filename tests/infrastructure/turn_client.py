"""Just enough TURN (RFC 8656) to ask a relay for what no browser would ask."""

import base64
import hashlib
import hmac
import os
import socket
import struct
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from tests.infrastructure.coturn import Relay

MAGIC = 0x2112A442
ALLOCATE, CREATE_PERMISSION, CHANNEL_BIND = 0x0003, 0x0008, 0x0009
SUCCESS, FAILURE = 0x0100, 0x0110
USERNAME, INTEGRITY, ERROR, CHANNEL, PEER = 0x0006, 0x0008, 0x0009, 0x000C, 0x0012
REALM, NONCE, FAMILY, TRANSPORT = 0x0014, 0x0015, 0x0017, 0x0019
UDP = struct.pack("!I", 17 << 24)
Attributes = list[tuple[int, bytes]]
Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Answer:
    """0 for success, else the relay's error code."""

    code: int
    attributes: dict[int, bytes]


class Allocation:
    """A place on the relay; `family` 4 or 6 says with which addresses it could talk."""

    def __init__(self, relay: Relay, *, family: int = 4, seconds: int = 60) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(3)
        self.socket.connect((relay.host, relay.port))
        self.username = f"{int(time.time()) + seconds}:somebody".encode()
        digest = hmac.new(relay.secret.encode(), self.username, hashlib.sha1).digest()
        self.password = base64.b64encode(digest)
        self.realm = self.nonce = b""
        self.family, self.channel = family, 0x4000
        wish = [(TRANSPORT, UDP)] + ([(FAMILY, b"\x02\0\0\0")] if family == 6 else [])
        challenge = self.ask(ALLOCATE, wish)
        self.realm, self.nonce = challenge.attributes[REALM], challenge.attributes[NONCE]
        self.answer = self.ask(ALLOCATE, wish)

    def create_permission(self, peer: str) -> int:
        return self.ask(CREATE_PERMISSION, [(PEER, b"")], ip_address(peer)).code

    def bind_channel(self, peer: str) -> int:
        self.channel += 1
        number = struct.pack("!HH", self.channel, 0)
        return self.ask(CHANNEL_BIND, [(CHANNEL, number), (PEER, b"")], ip_address(peer)).code

    def ask(self, method: int, wish: Attributes, peer: Address | None = None) -> Answer:
        transaction = os.urandom(12)
        attributes = [
            (kind, _xored(peer, transaction) if kind == PEER and peer else value)
            for kind, value in wish
        ]
        if self.nonce:
            attributes += [(USERNAME, self.username), (REALM, self.realm), (NONCE, self.nonce)]
        body = b"".join(_packed(kind, value) for kind, value in attributes)
        if self.nonce:
            head = struct.pack("!HHI", method, len(body) + 24, MAGIC) + transaction
            secret = b":".join([self.username, self.realm, self.password])
            key = hashlib.md5(secret, usedforsecurity=False).digest()  # the scheme's own hash
            body += _packed(INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())
        self.socket.send(struct.pack("!HHI", method, len(body), MAGIC) + transaction + body)
        while True:
            answer = self.socket.recv(2048)
            if answer[8:20] == transaction:
                return _read(answer)

    def close(self) -> None:
        self.socket.close()


def _packed(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def _xored(peer: Address, transaction: bytes) -> bytes:
    mask = struct.pack("!I", MAGIC) + transaction
    address = bytes(a ^ b for a, b in zip(peer.packed, mask, strict=False))
    family = 1 if peer.version == 4 else 2
    return struct.pack("!BBH", 0, family, 9 ^ (MAGIC >> 16)) + address


def _read(answer: bytes) -> Answer:
    kind, length = struct.unpack_from("!HH", answer)
    attributes, at = {}, 20
    while at < 20 + length:
        name, size = struct.unpack_from("!HH", answer, at)
        attributes[name] = answer[at + 4 : at + 4 + size]
        at += 4 + size + (-size % 4)
    error = attributes.get(ERROR, b"")
    code = error[2] * 100 + error[3] if kind & FAILURE == FAILURE and error else 0
    return Answer(code, attributes)

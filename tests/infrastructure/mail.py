"""A real SMTP server on loopback, and the letters that arrived at it."""

import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.infrastructure.postgres import free_port


class Mailbox:
    """Takes every mail, except for addresses that a test calls unknown."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.unknown: set[str] = set()
        self.url = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters += [(address.lower(), letter) for address in envelope.rcpt_tos]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for recipient, letter in self.letters if recipient == address.lower()]

    def wait_for(self, address: str, *, count: int = 1, seconds: float = 20) -> EmailMessage:
        """The `count`-th letter to `address`. Raises TimeoutError where it does not come."""
        until = time.monotonic() + seconds
        while len(self.to(address)) < count:
            if time.monotonic() > until:
                arrived = [(to, str(letter["Subject"])) for to, letter in self.letters]
                raise TimeoutError(f"No mail {count} to {address} in {seconds} s; got {arrived}")
            time.sleep(0.05)
        return self.to(address)[count - 1]


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The letter's text (or, with `kind="html"`, its HTML)."""
    part = letter.get_body((kind,))
    assert part is not None, f"the letter has no {kind} part"
    return str(part.get_content())


def link_in(letter: EmailMessage, start: str) -> str:
    """The first address in the letter's text that begins with `start`."""
    words = text_of(letter).split()
    found = [word.strip("<>().,") for word in words if word.strip("<>(").startswith(start)]
    assert found, f"no link {start}… in: {text_of(letter)}"
    return found[0]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield mailbox
    finally:
        controller.stop()

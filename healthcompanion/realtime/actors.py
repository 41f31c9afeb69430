"""Who sits at the other end of a socket. Decided from cookies, never from a frame."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, parse_cookie
from django.utils.crypto import constant_time_compare

from healthcompanion.accounts.models import User
from healthcompanion.core import events
from healthcompanion.core.close_codes import LINK_ENDED, SIGN_IN_AGAIN, UNKNOWN
from healthcompanion.guests.audience import host_channels
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import LinkGone, guest_for_ticket
from healthcompanion.guests.tickets import cookie_name
from healthcompanion.organisations.queries import membership_of
from healthcompanion.organisations.rules import can_work, needs_second_factor


class Refused(Exception):
    """The socket may not open, or may not stay open; carries the close code."""

    def __init__(self, close_code: int) -> None:
        super().__init__(close_code)
        self.close_code = close_code


@dataclass(frozen=True)
class Actor:
    """A person at a socket: their channel, and everything else that closes with them."""

    person: User | Guest
    channel: str
    session: str = ""
    # Who is told whether this guest is online.
    host_channels: tuple[str, ...] = ()

    @property
    def channels(self) -> list[str]:
        return [self.channel, *([events.session_channel(self.session)] if self.session else [])]

    @property
    def is_guest(self) -> bool:
        return isinstance(self.person, Guest)


def user_at(header: str) -> Actor:
    """The signed-in person behind a cookie header. Raises Refused(SIGN_IN_AGAIN)."""
    key = _cookie(header, settings.SESSION_COOKIE_NAME)
    if not key:
        raise Refused(SIGN_IN_AGAIN)
    session = SessionStore(session_key=key)
    user = User.objects.filter(pk=session.get(SESSION_KEY, 0), is_active=True).first()
    if user is None or not _is_of(user, session.get(HASH_SESSION_KEY, "")):
        raise Refused(SIGN_IN_AGAIN)
    membership = membership_of(user)
    if not can_work(membership) or needs_second_factor(user, membership):
        raise Refused(SIGN_IN_AGAIN)
    return Actor(user, events.user_channel(user.pk), session=key)


def _is_of(user: User, session_hash: str) -> bool:
    """Whether the session was begun with the present password, under any key that is given."""
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(session_hash, value) for value in hashes)


def guest_at(header: str, code: str) -> Actor:
    """The guest `code` behind a cookie header.

    Raises Refused(UNKNOWN) or, for dead links, Refused(LINK_ENDED).
    """
    try:
        guest = guest_for_ticket(_cookie(header, cookie_name(code)), code)
    except LinkGone as gone:
        raise Refused(LINK_ENDED) from gone
    except Http404 as unknown:
        raise Refused(UNKNOWN) from unknown
    return Actor(guest, events.guest_channel(guest.pk), host_channels=tuple(host_channels(guest)))


def cookie_of_user(header: str) -> str:
    """What a signed-in person's sockets are known by; "" without one."""
    return _cookie(header, settings.SESSION_COOKIE_NAME) or ""


def cookie_of_guest(header: str, code: str) -> str:
    """What the guest's sockets are known by; "" without one."""
    return _cookie(header, cookie_name(code)) or ""


def _cookie(header: str, name: str) -> str | None:
    """Read as pages read it: SimpleCookie gives up where another site's cookie is odd."""
    return parse_cookie(header).get(name)

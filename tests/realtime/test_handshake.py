"""The handshake matrix: twelve ways to ask for a websocket, and what becomes of each.

A browser lets any page of any site open a socket to us and sends our cookies along (OWASP
WSTG-CLNT-10), so both are asked for: a page of ours as the origin, and a right that holds now.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.guests.actions import close_link
from healthcompanion.guests.models import Guest
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from tests.infrastructure.clients import signed_in
from tests.infrastructure.figures import Figures
from tests.infrastructure.sockets import Closed, guest_cookies, header_of, opened, user_cookies

pytestmark = pytest.mark.django_db(transaction=True)
OPEN, SIGN_IN, FOREIGN, UNKNOWN, ENDED = 0, 4401, 4403, 4404, 4410
OURS = "http://localhost:8000"
Attempt = tuple[str, str, str | None]  # path, cookie header, origin


@dataclass
class Scene:
    """Anna with her session, Paul with his ticket, and another patient."""

    anna: User
    paul: Guest
    other: Guest
    session: str = field(init=False)
    ticket: str = field(init=False)

    def __post_init__(self) -> None:
        self.session, self.ticket = user_cookies(self.anna), guest_cookies(self.paul)

    def both(self, origin: str | None) -> list[Attempt]:
        """A page at `origin`, with every right that there is."""
        everything = f"{self.session}; {self.ticket}"
        return [("/ws/", everything, origin), (f"/ws/g/{self.paul.code}/", everything, origin)]

    def without_session(self) -> list[Attempt]:
        name, key = self.session.split("=", 1)
        forged = key[:-1] + ("b" if key.endswith("a") else "a")
        cookies = ["", f"{name}=", f"{name}={forged}", self.ticket, f"{name}={self.expired()}"]
        return [("/ws/", cookie, OURS) for cookie in cookies]

    def expired(self) -> str:
        key = user_cookies(self.anna).split("=", 1)[1]
        past = timezone.now() - timedelta(seconds=1)
        assert Session.objects.filter(session_key=key).update(expire_date=past) == 1
        return key

    def signed_out(self) -> list[Attempt]:
        client = signed_in(self.anna)
        cookies = header_of(client.cookies)
        assert client.post("/accounts/logout/").status_code == 302
        return [("/ws/", cookies, OURS)]

    def tickets_of_others(self) -> list[Attempt]:
        path = f"/ws/g/{self.other.code}/"
        renamed = f"hc_guest_{self.other.code}=" + self.ticket.split("=", 1)[1]
        return [(path, cookie, OURS) for cookie in (self.ticket, renamed, self.session, "")]

    def closed(self) -> list[Attempt]:
        close_link(self.paul, actor=self.anna)
        return [(f"/ws/g/{self.paul.code}/", self.ticket, OURS)]

    def elsewhere(self) -> list[Attempt]:
        paths = ["/", "/ws", "/ws/other/", "/ws/g/", "/ws/g/aaaaaaaaaaaa/", "/static/app.js"]
        return [(path, f"{self.session}; {self.ticket}", OURS) for path in paths]


Prepare = Callable[[Scene], list[Attempt]]
MATRIX: dict[str, tuple[Prepare, int]] = {
    "page of ours": (lambda scene: scene.both(OURS), OPEN),
    "page of another site": (lambda scene: scene.both("https://example.org"), FOREIGN),
    "page of no site (null)": (lambda scene: scene.both("null"), FOREIGN),
    "no origin": (lambda scene: scene.both(None), FOREIGN),
    "our host, other scheme": (lambda scene: scene.both("https://localhost:8000"), FOREIGN),
    "our host, other port": (lambda scene: scene.both("http://localhost:8001"), FOREIGN),
    "sub-domain of our host": (lambda scene: scene.both("http://www.localhost:8000"), FOREIGN),
    "no session, a forged or an expired one": (Scene.without_session, SIGN_IN),
    "session that has signed out": (Scene.signed_out, SIGN_IN),
    "ticket of another guest": (Scene.tickets_of_others, UNKNOWN),
    "link that was closed": (Scene.closed, ENDED),
    "unknown address": (Scene.elsewhere, UNKNOWN),
}


@pytest.fixture
def scene(professional: User, guest: Guest, other_guest: Guest) -> Scene:
    return Scene(professional, guest, other_guest)


async def outcome(app: Starlette, attempt: Attempt) -> int:
    """What a page meets there: the close code, or OPEN where it is greeted."""
    path, cookies, origin = attempt
    async with opened(app, path, cookies, origin=origin) as socket:
        try:
            frame = await socket.receive()
        except Closed as closed:
            return closed.code
        assert frame["type"] == "hello"
        return OPEN


@pytest.mark.parametrize("case", MATRIX)
async def test_handshake_is_answered_as_listed(
    app: Starlette, hub: Hub, scene: Scene, case: str, figures: Figures, redis_url: str
) -> None:
    prepare, expected = MATRIX[case]
    attempts = await in_database(prepare, scene)

    met = [await outcome(app, attempt) for attempt in attempts]

    assert met == [expected] * len(attempts)
    if expected != OPEN:
        assert hub.sequences == {}, "a refusal was news to somebody"
        assert hub.seen == {}, "somebody who was refused counts as present"
    if not redis_url:
        verdict = f"refused with {expected}" if expected else "accepted"
        figures("S3", f"{case}: {len(met)} of {len(met)} {verdict}")


def test_matrix_has_twelve_cases_and_our_address_is_the_one_they_vary() -> None:
    assert len(MATRIX) == 12
    assert settings.HC_ORIGINS == [OURS]

"""Envelopes pass between a waiting guest and their host, unopened, and nowhere else (DEC-20)."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.realtime import visits
from healthcompanion.realtime.database import in_database
from tests.factories import VisitFactory
from tests.infrastructure.sockets import Frame, Socket, guest_cookies, opened, user_cookies

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Z2VoZWltZXIgVGV4dA"
GREETING = {"kind": "greeting", "page": "seiteseite23", "to": None, "key": "B" + "A" * 86}
SEALED = {
    "kind": "sealed",
    "page": "seiteseite23",
    "to": "andereseite2",
    "number": 1,
    "body": SECRET,
}


def problem(code: str) -> Frame:
    return {"type": "error", "code": code, "about": "visit.relay"}


@dataclass
class Practice:
    """Two windows of the host's, the waiting guest's, another guest's and a stranger's."""

    guest: Guest
    host: Socket
    second: Socket
    patient: Socket
    other: Socket
    stranger: Socket

    def letter(self, envelope: Frame = SEALED, guest: str = "") -> Frame:
        code = guest or self.guest.code
        return {"type": "visit.relay", "guest": code, "envelope": envelope}

    async def nobody_else_hears(self) -> bool:
        return await self.other.is_silent() and await self.stranger.is_silent()


@pytest.fixture
def visit(guest: Guest, other_guest: Guest) -> Visit:
    VisitFactory(guest=other_guest)
    made: Visit = VisitFactory(guest=guest)
    return made


@pytest.fixture
def cookies(
    visit: Visit, guest: Guest, other_guest: Guest, professional: User, stranger: User
) -> list[tuple[str, str]]:
    mine, theirs = user_cookies(professional), user_cookies(stranger)
    return [
        ("/ws/", mine),
        ("/ws/", mine),
        (f"/ws/g/{guest.code}/", guest_cookies(guest)),
        (f"/ws/g/{other_guest.code}/", guest_cookies(other_guest)),
        ("/ws/", theirs),
    ]


@pytest.fixture
async def practice(
    app: Starlette, guest: Guest, cookies: list[tuple[str, str]]
) -> AsyncIterator[Practice]:
    async with AsyncExitStack() as stack:
        pages = [
            await stack.enter_async_context(opened(app, path, cookie)) for path, cookie in cookies
        ]
        for page in pages:
            await page.receive()
        for _guest in range(2):  # both windows hear that two guests are online now
            for page in pages[:2]:
                await page.receive()
        yield Practice(guest, *pages)


@pytest.mark.parametrize("envelope", [GREETING, SEALED], ids=["greeting", "sealed"])
async def test_guests_envelope_reaches_every_window_of_the_host(
    practice: Practice, envelope: Frame
) -> None:
    await practice.patient.send(practice.letter(envelope))

    expected = {
        "type": "visit.relayed",
        "guest": practice.guest.code,
        "sender": "guest",
        "envelope": envelope,
    }
    assert [await practice.host.receive(), await practice.second.receive()] == [expected] * 2
    assert await practice.patient.is_silent()
    assert await practice.nobody_else_hears()


async def test_hosts_envelope_reaches_the_guest_alone(practice: Practice) -> None:
    await practice.host.send(practice.letter())

    received = await practice.patient.receive()

    assert (received["sender"], received["envelope"]) == ("host", SEALED)
    assert await practice.second.is_silent()
    assert await practice.nobody_else_hears()


async def test_others_cannot_write_and_learn_nothing(
    practice: Practice, other_guest: Guest
) -> None:
    await practice.stranger.send(practice.letter())
    await practice.stranger.send(practice.letter(guest="aaaaaaaaaaaa"))
    await practice.other.send(practice.letter())
    await practice.patient.send(practice.letter(guest=other_guest.code))

    for socket in (practice.stranger, practice.stranger, practice.other, practice.patient):
        assert await socket.receive() == problem("not-found")
    assert await practice.host.is_silent()
    assert await practice.patient.is_silent()


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "host"},
        {"guest": "kurz"},
        {"envelope": SEALED | {"body": ""}},
        {"envelope": SEALED | {"body": "A" * 10_924}},
        {"envelope": SEALED | {"body": "keine Base64!"}},
        {"envelope": SEALED | {"number": 0}},
        {"envelope": SEALED | {"to": None}},
        {"envelope": SEALED | {"text": "Klartext"}},
        {"envelope": GREETING | {"key": "B" + "A" * 85}},
        {"envelope": GREETING | {"page": "SEITESEITE23"}},
        {"envelope": {"kind": "anders"}},
        {"envelope": None},
    ],
)
async def test_frame_of_another_shape_is_refused(practice: Practice, wrong: Frame) -> None:
    await practice.patient.send(practice.letter() | wrong)

    assert (await practice.patient.receive())["code"] == "bad-frame"
    assert await practice.host.is_silent()


async def test_largest_envelope_passes(practice: Practice) -> None:
    await practice.patient.send(practice.letter(SEALED | {"body": "A" * 10_923}))

    assert len((await practice.host.receive())["envelope"]["body"]) == 10_923


@pytest.mark.parametrize("state", [Visit.State.ANNOUNCED, Visit.State.ENDED, Visit.State.LEFT])
async def test_only_who_is_in_the_waiting_room_or_further_is_written_to(
    practice: Practice, visit: Visit, state: str
) -> None:
    await in_database(Visit.objects.filter(pk=visit.pk).update, state=state)

    for side in (practice.host, practice.patient):
        await side.send(practice.letter())
        assert await side.receive() == problem("not-found")


async def test_end_of_the_visit_is_noticed_on_a_warm_socket(
    practice: Practice, visit: Visit
) -> None:
    await practice.host.send(practice.letter())
    await practice.patient.receive()

    await in_database(guests.leave, practice.guest)
    for side in (practice.host, practice.patient):
        assert (await side.receive())["state"] == "left"
        await side.send(practice.letter())

        assert await side.receive() == problem("not-found")


async def test_relaying_does_not_ask_the_database_for_each_envelope(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    real: Callable[..., Awaitable[Any]] = in_database

    async def watched(function: Any, *args: Any) -> Any:
        looks.append(function.__name__)
        return await real(function, *args)

    monkeypatch.setattr(visits, "in_database", watched)
    for _ in range(20):
        await practice.host.send(practice.letter())
        await practice.patient.receive()

    assert looks == ["guest_here"]


async def test_flood_of_envelopes_is_refused_and_others_go_on(practice: Practice) -> None:
    for _ in range(visits.BURST):
        await practice.patient.send(practice.letter())
        await practice.host.receive()
    await practice.patient.send(practice.letter())

    assert await practice.patient.receive() == problem("too-many")
    assert await practice.host.is_silent()
    await practice.host.send(practice.letter())
    assert (await practice.patient.receive())["sender"] == "host"


async def test_nothing_of_it_is_written_down(
    practice: Practice, hub: Any, caplog: pytest.LogCaptureFixture
) -> None:
    before = await in_database(AuditEntry.objects.count)
    with caplog.at_level(logging.DEBUG):
        for side, listener in (
            (practice.patient, practice.host),
            (practice.host, practice.patient),
        ):
            await side.send(practice.letter())
            await listener.receive()

    assert SECRET not in caplog.text
    assert SECRET not in repr((hub.kept, hub.sequences, hub.seen))
    assert await in_database(AuditEntry.objects.count) == before

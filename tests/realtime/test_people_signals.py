"""A third person's seat in a call: there once they are let in, gone at once when removed."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.calls import people_actions
from healthcompanion.calls.models import Call
from healthcompanion.guests.companions import add_companion
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.realtime.database import in_database
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.sockets import Frame, Socket, guest_cookies, opened, user_cookies

pytestmark = pytest.mark.django_db(transaction=True)
NOT_FOUND = {"type": "error", "code": "not-found", "about": "signal.relay"}
CUT_SECONDS = 2.0


@dataclass
class Trio:
    """A running call of doctor and patient, a relative at its door, and all their sockets."""

    call: Call
    relative: Guest
    host: Socket
    patient: Socket
    third: Socket

    def codes(self) -> dict[str, str]:
        members = self.call.members.select_related("user", "guest")
        return {place.person.first_name: place.code for place in members}

    def signal(self, to: str) -> Frame:
        return {"type": "signal.relay", "call": self.call.code, "to": to, "candidate": None}

    def let_in(self) -> None:
        people_actions.let_in(self.call, self.relative, actor=self.call.initiator)

    def remove(self) -> None:
        member = self.call.members.get(guest=self.relative)
        people_actions.remove(self.call, member, actor=self.call.initiator)


async def heard(socket: Socket, kind: str) -> Frame:
    """The next frame of this type; what else is told meanwhile is not the point."""
    while (frame := await socket.receive())["type"] != kind:
        pass
    return frame


@pytest.fixture
def people(guest: Guest) -> tuple[Call, Guest]:
    VisitFactory(guest=guest, state=Visit.State.CONSULTATION)
    relative = add_companion(
        guest,
        role="relative",
        first_name="Rita",
        last_name="Relative",
        email="",
        phone="",
        language="de",
    )
    VisitFactory(guest=relative)
    return CallFactory(guest=guest, state=Call.State.ACTIVE), relative


@pytest.fixture
def cookies(people: tuple[Call, Guest], guest: Guest, professional: User) -> list[str]:
    return [user_cookies(professional), guest_cookies(guest), guest_cookies(people[1])]


@pytest.fixture
async def trio(
    app: Starlette, people: tuple[Call, Guest], guest: Guest, cookies: list[str]
) -> AsyncIterator[Trio]:
    call, relative = people
    async with AsyncExitStack() as stack:
        paths = ["/ws/", f"/ws/g/{guest.code}/", f"/ws/g/{relative.code}/"]
        pages = [
            await stack.enter_async_context(opened(app, path, cookie))
            for path, cookie in zip(paths, cookies, strict=True)
        ]
        for page in pages:
            await heard(page, "hello")
        yield Trio(call, relative, *pages)


async def test_who_waits_at_the_door_has_no_seat(trio: Trio) -> None:
    codes = await in_database(trio.codes)
    await trio.third.send({"type": "call.join", "call": trio.call.code})
    await trio.third.send(trio.signal(codes["Anna"]))

    assert (await heard(trio.third, "error"))["about"] == "call.join"
    assert await heard(trio.third, "error") == NOT_FOUND


async def test_let_in_they_speak_with_each_of_the_others(trio: Trio) -> None:
    await in_database(trio.let_in)
    codes = await in_database(trio.codes)
    for page in (trio.host, trio.patient, trio.third):
        told = await heard(page, "call.changed")
        assert len(told["call"]["participants"]) == 3

    await trio.third.send({"type": "call.join", "call": trio.call.code})
    for page in (trio.host, trio.patient):
        assert (await heard(page, "participant.joined"))["from"] == codes["Rita"]
    await trio.third.send(trio.signal(codes["Paul"]))
    assert (await heard(trio.patient, "signal.relayed"))["from"] == codes["Rita"]
    await trio.patient.send(trio.signal(codes["Rita"]))
    assert (await heard(trio.third, "signal.relayed"))["from"] == codes["Paul"]
    assert await trio.host.is_silent()


async def test_removed_they_are_cut_in_both_directions_at_once(trio: Trio) -> None:
    await in_database(trio.let_in)
    codes = await in_database(trio.codes)
    await trio.third.send(trio.signal(codes["Paul"]))  # the seat is known and kept from here on
    await heard(trio.patient, "signal.relayed")
    await trio.patient.send(trio.signal(codes["Rita"]))
    await heard(trio.third, "signal.relayed")

    began = time.monotonic()
    await in_database(trio.remove)
    over = await heard(trio.third, "call.ended")
    await heard(trio.patient, "call.changed")
    await trio.third.send(trio.signal(codes["Paul"]))
    refused = await heard(trio.third, "error")
    await trio.patient.send(trio.signal(codes["Rita"]))
    unknown = await heard(trio.patient, "error")

    assert time.monotonic() - began < CUT_SECONDS
    assert (over["call"]["state"], over["call"]["ice_servers"]) == ("ended", [])
    assert refused == unknown == NOT_FOUND
    assert await trio.third.is_silent()
    assert await trio.patient.is_silent()


async def test_removed_they_cannot_join_again(trio: Trio) -> None:
    await in_database(trio.let_in)
    await in_database(trio.remove)
    await heard(trio.third, "call.ended")

    await trio.third.send({"type": "call.join", "call": trio.call.code})

    assert (await heard(trio.third, "error"))["about"] == "call.join"
    assert len(await in_database(trio.codes)) == 2

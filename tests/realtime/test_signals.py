"""Signals pass between the members of one live call, and nowhere else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.calls.actions import end_call
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.realtime import connection
from healthcompanion.realtime.database import in_database
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.sockets import Frame, Socket, guest_cookies, opened, user_cookies

pytestmark = pytest.mark.django_db(transaction=True)
NOT_FOUND = {"type": "error", "code": "not-found", "about": "signal.relay"}
CANDIDATE = {"candidate": "candidate:1 1 udp 2 192.0.2.1 5 typ host", "sdpMid": "0"}


@dataclass
class Talk:
    """A running call, and the sockets of its two people and of a stranger in a call of theirs."""

    call: Call
    foreign_call: Call
    host: Socket
    guest: Socket
    stranger: Socket
    host_code: str = ""
    guest_code: str = ""
    foreign_code: str = ""

    def relay(self, to: str, **more: Any) -> Frame:
        return {"type": "signal.relay", "call": self.call.code, "to": to, **more}


@pytest.fixture
def calls(guest: Guest, stranger: User) -> tuple[Call, Call]:
    VisitFactory(guest=guest, state=Visit.State.CONSULTATION)
    foreign = stranger.appointments.get().patient
    VisitFactory(guest=foreign, state=Visit.State.CONSULTATION)
    return (
        CallFactory(guest=guest, state=Call.State.ACTIVE),
        CallFactory(guest=foreign, state=Call.State.ACTIVE),
    )


@pytest.fixture
def cookies(guest: Guest, professional: User, stranger: User) -> list[str]:
    return [user_cookies(professional), guest_cookies(guest), user_cookies(stranger)]


@pytest.fixture
def codes(calls: tuple[Call, Call]) -> list[str]:
    mine, foreign = (call.participants for call in calls)
    return [
        mine.get(guest=None).code,
        mine.get(user=None).code,
        foreign.get(user=None).code,
    ]


@pytest.fixture
async def talk(
    app: Starlette,
    guest: Guest,
    calls: tuple[Call, Call],
    cookies: list[str],
    codes: list[str],
) -> AsyncIterator[Talk]:
    async with AsyncExitStack() as stack:
        paths = ["/ws/", f"/ws/g/{guest.code}/", "/ws/"]
        pages = [
            await stack.enter_async_context(opened(app, path, cookie))
            for path, cookie in zip(paths, cookies, strict=True)
        ]
        for page in pages:
            await page.receive()
        await pages[0].receive()  # the guest came
        yield Talk(*calls, *pages, *codes)  # type: ignore[arg-type]  # three sockets, three codes


async def test_server_stamps_who_a_signal_comes_from(talk: Talk) -> None:
    offer = {"type": "offer", "sdp": "v=0"}

    await talk.host.send(talk.relay(talk.guest_code, description=offer))
    await talk.guest.send(talk.relay(talk.host_code, candidate=CANDIDATE))

    assert await talk.guest.receive() == {
        "type": "signal.relayed",
        "call": talk.call.code,
        "from": talk.host_code,
        "to": talk.guest_code,
        "description": offer,
    }
    received = await talk.host.receive()
    assert received["from"] == talk.guest_code
    assert received["candidate"] == {
        **CANDIDATE,
        "sdpMLineIndex": None,
        "usernameFragment": None,
    }
    assert await talk.stranger.is_silent()


async def test_sender_cannot_write_the_stamp(talk: Talk) -> None:
    forged = talk.relay(talk.host_code, candidate=None) | {"from": talk.host_code}

    await talk.guest.send(forged)

    assert (await talk.guest.receive())["code"] == "bad-frame"
    assert await talk.host.is_silent()


async def test_last_candidate_is_null(talk: Talk) -> None:
    await talk.host.send(talk.relay(talk.guest_code, candidate=None))

    received = await talk.guest.receive()

    assert (received["candidate"], "description" in received) == (None, False)


async def test_stranger_cannot_speak_into_a_call(talk: Talk) -> None:
    await talk.stranger.send(talk.relay(talk.guest_code, candidate=None))

    assert await talk.stranger.receive() == NOT_FOUND
    assert await talk.guest.is_silent()


async def test_member_cannot_reach_into_another_call(talk: Talk) -> None:
    into = {"type": "signal.relay", "call": talk.foreign_call.code, "candidate": None}
    await talk.host.send(into | {"to": talk.foreign_code})
    await talk.host.send(talk.relay(talk.foreign_code, candidate=None))
    await talk.host.send(talk.relay(talk.host_code, candidate=None))
    await talk.host.send(talk.relay("aaaaaaaaaaaa", candidate=None))

    assert [await talk.host.receive() for _ in range(4)] == [NOT_FOUND] * 4
    assert [await talk.guest.is_silent(), await talk.stranger.is_silent()] == [True, True]


async def test_unknown_call_is_refused_in_the_same_words(talk: Talk) -> None:
    unknown = talk.relay(talk.guest_code, candidate=None) | {"call": "aaaaaaaaaaaa"}
    await talk.stranger.send(unknown)
    await talk.stranger.send(talk.relay(talk.guest_code, candidate=None))

    assert await talk.stranger.receive() == await talk.stranger.receive() == NOT_FOUND


async def test_ended_call_carries_no_more_signals_even_on_a_warm_socket(talk: Talk) -> None:
    await talk.host.send(talk.relay(talk.guest_code, candidate=None))
    await talk.guest.receive()

    await in_database(end_call, talk.call, actor=talk.call.initiator)
    for _ in ("visit.changed", "call.ended"):
        await talk.host.receive()
        await talk.guest.receive()
    await talk.host.send(talk.relay(talk.guest_code, candidate=None))

    assert await talk.host.receive() == NOT_FOUND
    assert await talk.guest.is_silent()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what sockets asked the database for."""
    seen: list[str] = []
    real: Callable[..., Awaitable[Any]] = in_database

    async def watched(function: Any, *args: Any) -> Any:
        seen.append(function.__name__)
        return await real(function, *args)

    monkeypatch.setattr(connection, "in_database", watched)
    return seen


async def test_relaying_does_not_ask_the_database_for_each_message(
    talk: Talk, looks: list[str]
) -> None:
    for _ in range(100):
        await talk.host.send(talk.relay(talk.guest_code, candidate=None))
        await talk.guest.receive()

    assert looks == ["find_seat"]


async def test_joining_tells_the_others_and_notes_the_time(talk: Talk) -> None:
    places = CallParticipant.objects.filter(code=talk.guest_code)
    await in_database(places.update, joined_at=None)

    await talk.guest.send({"type": "call.join", "call": talk.call.code})

    assert await talk.host.receive() == {
        "type": "participant.joined",
        "call": talk.call.code,
        "from": talk.guest_code,
    }
    joined = await in_database(places.get)
    assert joined.joined_at is not None
    assert [await talk.guest.is_silent(), await talk.stranger.is_silent()] == [True, True]


async def test_coming_back_keeps_the_time_of_the_first_joining(talk: Talk) -> None:
    place = await in_database(CallParticipant.objects.get, code=talk.host_code)

    await talk.host.send({"type": "call.join", "call": talk.call.code})
    await talk.guest.receive()

    again = await in_database(CallParticipant.objects.get, code=talk.host_code)
    assert again.joined_at == place.joined_at


async def test_page_is_not_in_a_call_that_still_rings(talk: Talk) -> None:
    await in_database(Call.objects.filter(pk=talk.call.pk).update, state=Call.State.RINGING)
    places = CallParticipant.objects.filter(code=talk.guest_code)
    await in_database(places.update, joined_at=None)

    await talk.guest.send({"type": "call.join", "call": talk.call.code})
    await talk.host.receive()

    assert (await in_database(places.get)).joined_at is None


async def test_nobody_joins_a_call_of_others_or_one_that_ended(talk: Talk) -> None:
    await talk.stranger.send({"type": "call.join", "call": talk.call.code})
    await in_database(Call.objects.filter(pk=talk.call.pk).update, state=Call.State.ENDED)
    await talk.guest.send({"type": "call.join", "call": talk.call.code})

    refused = {"type": "error", "code": "not-found", "about": "call.join"}
    assert await talk.stranger.receive() == await talk.guest.receive() == refused
    assert await talk.host.is_silent()

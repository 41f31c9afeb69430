"""Opens every socket and sends every frame as every role, as authorisation.py says."""

from dataclasses import dataclass
from typing import Any, get_args

import pytest
from asgiref.sync import sync_to_async
from starlette.routing import WebSocketRoute

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.realtime import frames
from healthcompanion.realtime.sockets import routes
from tests.contracts.authorisation import FRAMES, ROLES, SOCKETS, table
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.sockets import Closed, guest_cookies, opened, service, user_cookies

ADDRESSES, EXPECTED = table(SOCKETS), table(FRAMES)
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Scene:
    """A call that rings at a guest's, and the cookies of each role."""

    guest: Guest
    other: Guest
    call: Call
    cookies: dict[str, str]

    def own_socket(self, role: str) -> str:
        visitor = {"guest": self.guest, "other": self.other}.get(role)
        return f"/ws/g/{visitor.code}/" if visitor else "/ws/"

    def frame(self, kind: str, role: str) -> dict[str, Any]:
        people = self.call.participants.all()
        host = next(place.code for place in people if place.user_id)
        callee = next(place.code for place in people if place.guest_id)
        known: dict[str, dict[str, Any]] = {
            "ping": {"type": "ping", "seq": 0},
            "call.join": {"type": "call.join", "call": self.call.code},
            "signal.relay": {
                "type": "signal.relay",
                "call": self.call.code,
                "to": host if role == "guest" else callee,
                "candidate": None,
            },
            "visit.relay": {
                "type": "visit.relay",
                "guest": self.guest.code,
                "envelope": {
                    "kind": "sealed",
                    "page": "seiteseite23",
                    "to": "andereseite2",
                    "number": 1,
                    "body": "q83v",
                },
            },
        }
        return known[kind]


@pytest.fixture
def scene(
    guest: Guest,
    other_guest: Guest,
    stranger: User,
    colleague: User,
    assistant: User,
    pending: User,
    professional: User,
    administrator: User,
    staff: User,
) -> Scene:
    VisitFactory(guest=guest, state=Visit.State.CALLED)
    cookies = {
        "anonymous": "",
        "guest": guest_cookies(guest),
        "other": guest_cookies(other_guest),
        "stranger": user_cookies(stranger),
        "colleague": user_cookies(colleague),
        "assistant": user_cookies(assistant),
        "pending": user_cookies(pending),
        "owner": user_cookies(professional),
        "administrator": user_cookies(administrator),
        "staff": user_cookies(staff),
    }
    return Scene(guest, other_guest, CallFactory(guest=guest), cookies)


async def result_of_opening(path: str, cookies: str) -> str:
    async with service() as app:
        try:
            async with opened(app, path, cookies) as socket:
                return str((await socket.receive())["type"])
        except Closed as refusal:
            return str(refusal.code)


async def result_of_sending(path: str, cookies: str, frame: dict[str, Any]) -> str:
    async with service() as app:
        try:
            async with opened(app, path, cookies) as socket:
                await socket.receive()
                await socket.send(frame)
                await socket.send({"type": "ping", "seq": 0})  # answered after the frame
                told: list[str] = []
                while "pong" not in told:
                    told.append(str((await socket.receive())["type"]))
                return "no" if "error" in told else "ok"
        except Closed:
            return "-"


def test_every_socket_address_has_a_line() -> None:
    paths = {route.path for route in routes if isinstance(route, WebSocketRoute)}

    assert paths == {"/ws/", "/ws/g/{code}/", "/{path:path}"}
    assert set(ADDRESSES) == {"/ws/", "/ws/g/<guest>/", "/ws/unknown/"}


def test_every_frame_has_a_line() -> None:
    kinds = {frame.__struct_config__.tag for frame in get_args(frames.ClientFrame)}

    assert kinds == set(EXPECTED)


@pytest.mark.parametrize("path", ADDRESSES)
async def test_socket_opens_to_whom_the_table_names(scene: Scene, path: str) -> None:
    address = path.replace("<guest>", scene.guest.code)

    answers = [await result_of_opening(address, scene.cookies[role]) for role in ROLES]

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, ADDRESSES[path], strict=True))


@pytest.mark.parametrize("kind", EXPECTED)
async def test_frame_is_carried_out_for_whom_the_table_names(scene: Scene, kind: str) -> None:
    answers = []
    for role in ROLES:
        frame = await sync_to_async(scene.frame)(kind, role)
        answers.append(await result_of_sending(scene.own_socket(role), scene.cookies[role], frame))

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, EXPECTED[kind], strict=True))

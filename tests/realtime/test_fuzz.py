"""Tens of thousands of hostile frames through a real connection, and what comes of each."""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.core import events
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.realtime.actors import Actor
from healthcompanion.realtime.connection import Connection
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.limits import TokenBucket
from healthcompanion.realtime.visits import VisitRelay
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.figures import Figures
from tests.infrastructure.sockets import service
from tests.realtime.hostile import Hostile

# With the 5,000 that tests/pressure sends over the network: 50,000. HC_FUZZ_FRAMES=1000000 for
# a long search, HC_FUZZ_SEED for another one.
# Frames are read in the same way on every database, and PostgreSQL is asked less quickly.
USUAL = "5000" if os.environ.get("HC_TEST_DATABASE") == "postgres" else "45000"
COUNT = int(os.environ.get("HC_FUZZ_FRAMES", USUAL))
SEED = int(os.environ.get("HC_FUZZ_SEED", "20261123"))


@dataclass(eq=False)
class Ear:
    """A page that listens on somebody's channel."""

    heard: list[dict[str, Any]] = field(default_factory=list)
    page: int = 0

    def send(self, text: str) -> None:
        self.heard.append(json.loads(text))

    def close(self, code: int) -> None:
        self.heard.append({"type": "closed", "code": code})


class Wire:
    """Brings hostile frames as fast as they are read; notes the answers."""

    def __init__(self, hostile: Hostile, count: int) -> None:
        self.frames = hostile.texts(count)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)  # as a network does, this lets the others have their turn
        text = next(self.frames, None)
        if text is None:
            return {"type": "websocket.disconnect", "code": 1000}
        return {"type": "websocket.receive", "text": text}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


@dataclass
class Scene:
    """Anna in a call with Paul; a stranger of another practice in a call with his patient."""

    anna: User
    own: Call
    foreign: Call

    def code(self, call: Call, *, guest: bool) -> str:
        return CallParticipant.objects.get(call=call, guest__isnull=not guest).code

    def guests(self) -> list[str]:
        own, foreign = (cast(Guest, call.guest).code for call in (self.own, self.foreign))
        return [own, own, foreign, "aaaaaaaaaaaa"]

    def codes(self) -> list[str]:
        nobody = "aaaaaaaaaaaa"
        places = [
            self.code(call, guest=g) for call in (self.own, self.foreign) for g in (False, True)
        ]
        return [self.own.code] * 3 + [self.foreign.code, nobody, *places, places[1]]


@pytest.fixture
def scene(professional: User, guest: Guest, stranger: User) -> Scene:
    theirs = Appointment.objects.get(professional=stranger).patient
    for one in (guest, theirs):
        VisitFactory(guest=one, state=Visit.State.CONSULTATION)
    own, foreign = (CallFactory(guest=it, state=Call.State.ACTIVE) for it in (guest, theirs))
    return Scene(professional, own, foreign)


@pytest.fixture
async def own_hub() -> AsyncIterator[Hub]:
    """One node is enough: frames are read before any bus hears of them."""
    async with service() as app:
        yield app.state.hub


@pytest.mark.timeout(60 + COUNT // 1000)
@pytest.mark.django_db(transaction=True)
async def test_every_hostile_frame_is_answered_or_passed_on_to_the_partner_alone(
    scene: Scene, own_hub: Hub, other_guest: Guest, figures: Figures
) -> None:
    hub = own_hub
    me, partner = [await in_database(scene.code, scene.own, guest=guest) for guest in (False, True)]
    paul, own = Ear(), scene.own
    hub.join(events.guest_channel(cast(int, own.guest_id)), paul)
    bystanders = Ear()
    foreign = scene.foreign
    for channel in (
        events.user_channel(foreign.initiator_id),
        events.guest_channel(cast(int, foreign.guest_id)),
        events.guest_channel(other_guest.pk),
    ):
        hub.join(channel, bystanders)
    codes, guests = await in_database(scene.codes), await in_database(scene.guests)
    wire = Wire(Hostile(SEED, codes, guests), COUNT)
    connection = connected(wire, hub, scene.anna)

    began = time.monotonic()
    async with asyncio.timeout(30 + COUNT // 1000):
        await connection.run(lambda: connection.actor)
    seconds = time.monotonic() - began

    answers = [json.loads(it["text"]) for it in wire.sent if it["type"] == "websocket.send"]
    kinds = Counter(answer.get("code", answer["type"]) for answer in answers)
    passed = Counter(frame["type"] for frame in paul.heard)
    assert connection.close_code is None, "the connection ended by a fault"
    assert kinds.keys() == {"pong", "bad-frame", "too-large", "not-found"}
    assert passed.keys() == {"signal.relayed", "participant.joined", "visit.relayed"}
    assert kinds.total() + passed.total() == COUNT
    assert {frame["from"] for frame in paul.heard if "from" in frame} == {me}
    assert {frame["call"] for frame in paul.heard if "call" in frame} == {own.code}
    letters = [frame for frame in paul.heard if frame["type"] == "visit.relayed"]
    assert {(frame["sender"], frame["guest"]) for frame in letters} == {("host", guests[0])}
    assert {frame["to"] for frame in paul.heard if "to" in frame} == {partner}
    assert bystanders.heard == []
    told = ", ".join(f"{count} {kind}" for kind, count in (kinds + passed).most_common())
    figures("S6", f"{COUNT} frames through a connection in {seconds:.1f} s: {told}")


def connected(wire: Wire, hub: Hub, person: User) -> Connection:
    """A connection that is as patient as this test needs."""
    scope = {"type": "websocket", "headers": [], "path": "/ws/"}
    socket = WebSocket(scope, cast(Any, wire.receive), cast(Any, wire.send))
    socket.client_state = socket.application_state = type(socket.client_state).CONNECTED
    connection = Connection(socket, hub, Actor(person, events.user_channel(person.pk)))
    connection.bucket = TokenBucket(1e9, 1e9)
    connection.patience = TokenBucket(1e9, 1e9)
    connection.visits = VisitRelay(hub, connection.actor)
    connection.visits.bucket = TokenBucket(1e9, 1e9)
    return connection

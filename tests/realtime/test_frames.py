"""What a page may say: every frame is checked, and a bad one does no harm."""

import contextlib
import json

import pytest
from asgiref.sync import sync_to_async
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.realtime import sockets
from healthcompanion.realtime.frames import BadFrame, Ping, RelaySignal, parse
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.limits import Pauses
from tests.infrastructure.sockets import Closed, opened, user_cookies

CALL = "abcdefgh2345"
RELAY = {"type": "signal.relay", "call": CALL, "to": CALL}

BAD = {
    "nothing": "",
    "no json": "{",
    "no object": "[]",
    "null": "null",
    "number": "1",
    "no type": '{"seq":1}',
    "unknown type": '{"type":"call.listen","call":"abcdefgh2345"}',
    "server's type": '{"type":"hello","epoch":"x","seq":1}',
    "type is a number": '{"type":1}',
    "unknown field": '{"type":"ping","seq":1,"from":"x"}',
    "missing field": '{"type":"ping"}',
    "text for a number": '{"type":"ping","seq":"1"}',
    "negative number": '{"type":"ping","seq":-1}',
    "fraction": '{"type":"ping","seq":1.5}',
    "too large a number": '{"type":"ping","seq":' + "9" * 400 + "}",
    "short code": '{"type":"call.join","call":"abc"}',
    "long code": '{"type":"call.join","call":"abcdefgh23456"}',
    "upper-case code": '{"type":"call.join","call":"ABCDEFGH2345"}',
    "code with a digit that base32 lacks": '{"type":"call.join","call":"abcdefgh2341"}',
    "code with a line feed": '{"type":"call.join","call":"abcdefgh2345\\n"}',
    "neither description nor candidate": json.dumps(RELAY),
    "both": json.dumps({**RELAY, "candidate": None, "description": {"type": "offer"}}),
    "unknown description": json.dumps({**RELAY, "description": {"type": "bye", "sdp": ""}}),
    "long description": json.dumps(
        {**RELAY, "description": {"type": "offer", "sdp": "x" * 48 * 1024 + "x"}}
    ),
    "field in a description": json.dumps({**RELAY, "description": {"type": "offer", "from": "x"}}),
    "candidate is a text": json.dumps({**RELAY, "candidate": "candidate:1"}),
    "long candidate": json.dumps({**RELAY, "candidate": {"candidate": "x" * 2049}}),
    "deep nesting": '{"type":"ping","seq":' + "[" * 30_000,
    "deep objects": '{"a":' * 10_000,
    "lone surrogate": '{"type":"call.join","call":"\\ud800"}',
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_frame_is_not_understood(text: str) -> None:
    with pytest.raises(BadFrame):
        parse(text)


def test_good_frames_are_understood() -> None:
    assert parse('{"type":"ping","seq":7}') == Ping(7)
    ending = parse(json.dumps({**RELAY, "candidate": None}))
    assert isinstance(ending, RelaySignal)
    assert ending.candidate is None


def test_candidate_keeps_the_browsers_spelling() -> None:
    browsers = {
        "candidate": "candidate:1 1 udp 2 192.0.2.1 5 typ host",
        "sdpMid": "0",
        "sdpMLineIndex": 0,
        "usernameFragment": "aB3+",
    }

    frame = parse(json.dumps({**RELAY, "candidate": browsers}))

    from healthcompanion.realtime.frames import encode  # noqa: PLC0415 -- only this test writes

    assert isinstance(frame, RelaySignal)
    assert json.loads(encode(frame.candidate)) == browsers


@pytest.mark.django_db(transaction=True)
class TestSocket:
    """The same over a socket."""

    @pytest.fixture
    def cookies(self, professional: User) -> str:
        return user_cookies(professional)

    @pytest.mark.parametrize("kind", ["no json", "unknown type", "unknown field", "deep nesting"])
    async def test_bad_frame_is_answered_and_the_connection_lives(
        self, app: Starlette, cookies: str, kind: str
    ) -> None:
        async with opened(app, "/ws/", cookies) as socket:
            await socket.receive()
            await socket.send(BAD[kind])
            await socket.send({"type": "ping", "seq": 0})

            answers = [await socket.receive(), await socket.receive()]

        assert answers == [
            {"type": "error", "code": "bad-frame", "about": ""},
            {"type": "pong", "seq": 0},
        ]

    async def test_large_frame_is_answered_before_it_is_parsed(
        self, app: Starlette, cookies: str
    ) -> None:
        async with opened(app, "/ws/", cookies) as socket:
            await socket.receive()
            await socket.send('{"type":"ping","seq":0}' + " " * 64 * 1024)

            assert await socket.receive() == {"type": "error", "code": "too-large", "about": ""}

    async def test_binary_frame_ends_the_connection(self, app: Starlette, cookies: str) -> None:
        async with opened(app, "/ws/", cookies) as socket:
            await socket.receive()
            await socket.wire.send_input({"type": "websocket.receive", "bytes": b"\x00"})

            with pytest.raises(Closed):
                await socket.receive()

    async def test_twenty_bad_frames_are_answered_and_the_next_one_closes(
        self, app: Starlette, cookies: str
    ) -> None:
        async with opened(app, "/ws/", cookies) as socket:
            await socket.receive()
            for _ in range(21):
                await socket.send("{")
            answers = [(await socket.receive())["code"] for _ in range(20)]
            with pytest.raises(Closed) as closed:
                await socket.receive()

        assert answers == ["bad-frame"] * 20
        assert closed.value.code == 4429

    async def test_who_flooded_stays_outside_for_a_while_and_nobody_else(
        self, app: Starlette, cookies: str, colleague: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        others = await sync_to_async(user_cookies)(colleague)
        now = [0.0]
        monkeypatch.setattr(sockets, "pauses", Pauses(10, clock=lambda: now[0]))
        with contextlib.suppress(Closed):
            async with opened(app, "/ws/", cookies) as socket:
                for _ in range(21):
                    await socket.send("{")
                while await socket.receive():
                    pass

        with pytest.raises(Closed) as closed:
            async with opened(app, "/ws/", cookies) as socket:
                await socket.receive()
        async with opened(app, "/ws/", others) as socket:
            other = await socket.receive()
        now[0] = 11
        async with opened(app, "/ws/", cookies) as socket:
            later = await socket.receive()

        assert closed.value.code == 4429
        assert [other["type"], later["type"]] == ["hello", "hello"]

    async def test_burst_in_one_packet_is_answered_frame_by_frame(
        self, app: Starlette, cookies: str
    ) -> None:
        async with opened(app, "/ws/", cookies) as socket:
            await socket.receive()
            for _ in range(150):  # more than an inbox holds, less than the burst that is allowed
                await socket.send({"type": "ping", "seq": 0})

            answers = [await socket.receive() for _ in range(150)]

        assert answers == [{"type": "pong", "seq": 0}] * 150

    async def test_flood_of_good_frames_closes(self, app: Starlette, cookies: str) -> None:
        async with opened(app, "/ws/", cookies) as socket:
            await socket.receive()
            pongs = code = 0
            while not code and pongs < 400:
                await socket.send({"type": "ping", "seq": pongs})
                try:
                    pongs += (await socket.receive())["type"] == "pong"
                except Closed as closed:
                    code = closed.code

        assert code == 4429
        assert 200 <= pongs < 300  # the burst, and what trickles in meanwhile

    async def test_pong_carries_the_number_of_the_last_event(
        self, app: Starlette, hub: Hub, professional: User, cookies: str
    ) -> None:
        channel = f"user:{professional.pk}"
        async with opened(app, "/ws/", cookies) as socket:
            frames = [await socket.receive()]
            hub.publish([channel], {"type": "visit.changed"})
            hub.publish([channel, "user:0"], {"type": "visit.changed"})
            frames += [await socket.receive(), await socket.receive()]
            await socket.send({"type": "ping", "seq": 2})
            frames.append(await socket.receive())

        assert [(frame["type"], frame["seq"]) for frame in frames] == [
            ("hello", 0),
            ("visit.changed", 1),
            ("visit.changed", 2),
            ("pong", 2),
        ]

"""Hostile bytes over the network: the service stays up, and nobody else hears of it."""

import asyncio
import json
import random
import struct
import time
from collections import Counter
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

from tests.infrastructure.figures import Figures
from tests.infrastructure.server import Server
from tests.pressure.practice import sessions
from tests.pressure.wire import BINARY, CONTINUED, GOODBYE, PING, TEXT, connected, framed
from tests.realtime.hostile import Hostile

FRAMES, IN_ONE_CONNECTION, AT_ONCE = 5_000, 20, 8
SEED = 20261124


def wrapped(frame: bytes, chance: random.Random) -> bytes:
    """Mostly a proper text frame; at times one that breaks the rules of websockets themselves."""
    match chance.randrange(160):
        case 0:
            return framed(frame, BINARY)
        case 1:
            return framed(frame, chance.randrange(16), flags=chance.choice([0, 0x80, 0xF0]))
        case 2:
            return framed(frame, claimed=chance.choice([0, 125, 2**16, 2**40, 2**63]))
        case 3:
            return framed(frame[:125], PING)
        case 4:
            return frame  # no frame at all
        case 5:
            return framed(frame, TEXT)  # perhaps no UTF-8
        case _:
            return framed(frame.decode("utf-8", "replace").encode(), TEXT)


@dataclass
class Bystander:
    """Somebody else's page: it pings, and writes down what it hears and how long that took.

    `answers` is how many the attackers got meanwhile.
    """

    socket: ClientConnection
    heard: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    slowest: float = 0.0

    async def live(self) -> None:
        while True:
            began = time.monotonic()
            await self.socket.send('{"type":"ping","seq":0}')
            self.heard[json.loads(await self.socket.recv())["type"]] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            await asyncio.sleep(0.1)


async def attack(url: str, cookie: str, frames: list[bytes], chance: random.Random) -> bytes:
    wire = await connected(url, cookie)
    wire.write(*(wrapped(frame, chance) for frame in frames))
    answers = await wire.until_quiet()  # a goodbye at once would let most frames go unread
    wire.write(GOODBYE)
    return answers + await wire.until_closed()


async def besiege(server: Server, attacker: str, victim: str) -> tuple[Bystander, int, float]:
    """The bystander, the number of connections, and how long it all took."""
    hostile, chance = (
        Hostile(SEED, ["aaaaaaaaaaaa", "bbbbbbbbbbbb"], ["aaaaaaaaaaaa"]),
        random.Random(SEED),
    )
    frames = list(hostile.frames(FRAMES))
    batches = [frames[at : at + IN_ONE_CONNECTION] for at in range(0, FRAMES, IN_ONE_CONNECTION)]
    address = server.url.replace("http", "ws", 1) + "/ws/"
    headers = {"Cookie": victim}
    began = time.monotonic()
    async with connect(address, origin=server.url, additional_headers=headers) as socket:  # type: ignore[arg-type]  # an Origin is a str
        bystander = Bystander(socket)
        bystander.heard[json.loads(await socket.recv())["type"]] += 1
        living = asyncio.create_task(bystander.live())
        for at in range(0, len(batches), AT_ONCE):
            group = batches[at : at + AT_ONCE]
            attacks = (attack(server.url, attacker, it, chance) for it in group)
            said = b"".join(await asyncio.gather(*attacks))
            bystander.answers += said.count(b"error") + said.count(b"pong")
            assert not living.done(), living.exception()
        living.cancel()
    return bystander, len(batches), time.monotonic() - began


def test_service_and_its_people_do_not_notice_hostile_frames(
    server: Server, figures: Figures
) -> None:
    attacker, victim = sessions(server, 2)

    bystander, connections, seconds = asyncio.run(besiege(server, attacker, victim))

    assert bystander.heard.keys() == {"hello", "pong"}
    assert bystander.heard["hello"] == 1
    assert bystander.slowest < 2
    assert bystander.answers > FRAMES / 2, "most frames did not even arrive"
    assert server.answers()
    assert not server.trouble(), server.trouble()
    figures(
        "S6",
        f"{FRAMES} frames over {connections} sockets in {seconds:.1f} s: {bystander.answers} "
        f"answered, the others lost with a connection that broke; no fault in the log; "
        f"another page's slowest pong took {bystander.slowest * 1000:.0f} ms",
    )


def test_bytes_that_are_no_text_end_their_own_connection(server: Server) -> None:
    [cookie] = sessions(server, 1)

    async def speak(*frames: bytes) -> bytes:
        wire = await connected(server.url, cookie)
        wire.write(*frames)
        return await wire.until_closed()

    alone = asyncio.run(speak(framed(b"\xff")))
    with_goodbye = asyncio.run(speak(framed(b"\xff"), GOODBYE))
    in_parts = asyncio.run(speak(framed(b"\xc3", flags=0), framed(b"\x28", CONTINUED)))

    assert alone.endswith(struct.pack("!BBH", 0x88, 2, 1007))
    assert in_parts.endswith(struct.pack("!BBH", 0x88, 2, 1007))
    assert with_goodbye.endswith(struct.pack("!BBH", 0x88, 2, 1000))
    assert not server.trouble(), server.trouble()

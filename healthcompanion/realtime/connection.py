"""One websocket: opened by cookie and Origin, bounded in both directions, checked again in time."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from healthcompanion.realtime.actors import Actor, Refused
from healthcompanion.realtime.calls import Seat, find_seat, take_seat
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.frames import (
    MAX_FRAME,
    BadFrame,
    ClientFrame,
    JoinCall,
    Ping,
    RelaySignal,
    encode,
    parse,
)
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.limits import TokenBucket

INBOX = 100
SILENCE_SECONDS = 60
RECHECK_SECONDS = 60
SEAT_SECONDS = 30
logger = logging.getLogger(__name__)
GONE = (WebSocketDisconnect, RuntimeError, OSError)  # the other end went while we wrote
COME_BACK = 1011
FLOODING, TOO_SLOW, REPLACED = 4429, 1013, 4408
RATE, BURST = 50, 200
BAD_FRAMES, FORGIVEN_PER_SECOND = 20, 0.1


class Connection:
    """A socket's life after it was accepted."""

    def __init__(self, socket: WebSocket, hub: Hub, actor: Actor) -> None:
        self.socket, self.hub, self.actor = socket, hub, actor
        self.outbox: asyncio.Queue[str] = asyncio.Queue(INBOX)
        self.close_code: int | None = None
        self.closing = asyncio.Event()
        self.bucket = TokenBucket(RATE, BURST)
        self.seats: dict[str, Seat] = {}
        self.seats_at = 0
        self.patience = TokenBucket(FORGIVEN_PER_SECOND, BAD_FRAMES)

    # -- what the hub calls, on the event loop --------------------------------------------------
    def send(self, text: str) -> None:
        """Queue a frame. A page that does not read is sent away to come back and catch up."""
        if self.close_code is not None:
            return  # after a frame that found no room, none may follow: the page would miss one
        try:
            self.outbox.put_nowait(text)
        except asyncio.QueueFull:
            self.close(TOO_SLOW)

    def close(self, code: int) -> None:
        if self.close_code is None:
            self.close_code = code
            self.closing.set()

    # -- the socket's own tasks -----------------------------------------------------------------
    async def run(self, recheck: Callable[[], Actor]) -> None:
        """Read, write and re-check until one of them is done; then close, once."""
        tasks = [
            asyncio.create_task(coroutine)
            for coroutine in (self._read(), self._write(), self._recheck(recheck), self._wait())
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            for result in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(result, Exception) and not isinstance(result, GONE):
                    logger.error("socket: closed by a fault", exc_info=result)
                    self.close(COME_BACK)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError):
            async with asyncio.timeout(2):
                await self.socket.close(self.close_code or 1000)

    async def _wait(self) -> None:
        await self.closing.wait()

    async def _write(self) -> None:
        while True:
            await self.socket.send_text(await self.outbox.get())

    async def _recheck(self, recheck: Callable[[], Actor]) -> None:
        """News of a revocation may get lost; a socket's right to be open is looked up again."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                await in_database(recheck)
            except Refused as refusal:
                self.close(refusal.close_code)
                return

    async def _read(self) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    text = await self.socket.receive_text()
            except (WebSocketDisconnect, TimeoutError, KeyError):
                return  # gone, silent, or speaking binary
            if not self.bucket.take():
                self.close(FLOODING)
                return
            self.hub.touch(self.actor.channel)
            await self._handle_text(text)
            await asyncio.sleep(0)  # many frames in one packet: the writer and others have turns

    async def _handle_text(self, text: str) -> None:
        if len(text) > MAX_FRAME:
            self._complain("too-large", "")
            return
        try:
            frame = parse(text)
        except BadFrame:
            self._complain("bad-frame", "")
            return
        await self._handle(frame)

    async def _handle(self, frame: ClientFrame) -> None:
        match frame:
            case Ping():
                pong = {"type": "pong", "seq": self.hub.sequence(self.actor.channel)}
                self.send(encode(pong).decode())
            case JoinCall():
                await self._join_call(frame)
            case RelaySignal():
                await self._relay(frame)

    async def _join_call(self, frame: JoinCall) -> None:
        sequence, until = self._now()
        seat = await in_database(take_seat, self.actor.person, frame.call, until)
        if seat is None:
            self._complain("not-found", "call.join")
            return
        self.seats = {frame.call: seat}  # a person is in one call at a time
        self.seats_at = sequence
        news = {"type": "participant.joined", "call": frame.call, "from": seat.me}
        for channel in seat.others.values():
            self.hub.tell(channel, news)

    async def _relay(self, frame: RelaySignal) -> None:
        seat = await self._seat(frame.call)
        if seat is None or frame.to not in seat.others:
            self._complain("not-found", "signal.relay")
            return
        signal: dict[str, object] = {
            "type": "signal.relayed",
            "call": frame.call,
            "from": seat.me,
            "to": frame.to,
        }
        if frame.description is not None:
            signal["description"] = frame.description
        if not isinstance(frame.candidate, msgspec.UnsetType):
            signal["candidate"] = frame.candidate
        self.hub.tell(seat.others[frame.to], signal)

    async def _seat(self, call: str) -> Seat | None:
        """The actor's seat. Kept for 30 s, or until news for this person: the call may be over."""
        seat = self.seats.get(call)
        sequence, until = self._now()
        if seat is not None and seat.until > time.monotonic() and self.seats_at == sequence:
            return seat
        seat = await in_database(find_seat, self.actor.person, call, until)
        self.seats = {call: seat} if seat is not None else {}
        self.seats_at = sequence
        return seat

    def _now(self) -> tuple[int, float]:
        """Taken before a look into the database: the last event so far, and how long to trust."""
        return self.hub.sequence(self.actor.channel), time.monotonic() + SEAT_SECONDS

    def _complain(self, code: str, about: str) -> None:
        if not self.patience.take():
            self.close(FLOODING)
            return
        self.send(encode({"type": "error", "code": code, "about": about}).decode())

"""One websocket: opened by cookie and Origin, bounded in both directions, checked again in time."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

import msgspec
from django.conf import settings
from starlette.websockets import WebSocket, WebSocketDisconnect

from healthcompanion.core.close_codes import FAULT, FLOODING, NORMAL, TOO_SLOW
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
    RelayVisit,
    encode,
    parse,
)
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.limits import TokenBucket
from healthcompanion.realtime.visits import VisitRelay

INBOX = 100
SILENCE_SECONDS = settings.HC_SILENCE_SECONDS
RECHECK_SECONDS = 60
SEAT_SECONDS = 30
logger = logging.getLogger(__name__)
GONE = (WebSocketDisconnect, RuntimeError, OSError)  # the other end went while we wrote
RATE, BURST = 50, 200
BAD_FRAMES, FORGIVEN_PER_SECOND = 20, 0.1


class Connection:
    """A socket's life after it was accepted.

    There are thousands and most are silent, so an idle one is a reader and a timer; a writer is
    there only while something is to be written.
    """

    __slots__ = (
        *(
            "socket",
            "hub",
            "actor",
            "page",
            "close_code",
            "bucket",
            "patience",
            "seats",
            "seats_at",
        ),
        *("heard_at", "checked_at", "visits"),
        *("outbox", "loop", "reader", "writer", "checker", "recheck", "timer"),
    )

    def __init__(self, socket: WebSocket, hub: Hub, actor: Actor, page: int = 0) -> None:
        self.socket, self.hub, self.actor, self.page = socket, hub, actor, page
        self.close_code: int | None = None
        self.bucket = TokenBucket(RATE, BURST)
        self.patience = TokenBucket(FORGIVEN_PER_SECOND, BAD_FRAMES)
        self.seats: dict[str, Seat] = {}
        self.seats_at = 0
        self.visits: VisitRelay | None = None  # most sockets never write a message
        self.outbox: list[str] = []  # at most INBOX
        self.loop = asyncio.get_running_loop()
        self.reader: asyncio.Task[None] | None = None
        self.writer: asyncio.Task[None] | None = None
        self.checker: asyncio.Task[None] | None = None
        self.recheck: Callable[[], Actor] = lambda: actor
        self.timer: asyncio.TimerHandle | None = None
        self.heard_at = self.checked_at = time.monotonic()

    # -- what the hub calls, on the event loop --------------------------------------------------
    def send(self, text: str) -> None:
        """Queue a frame. A page that does not read is sent away to come back and catch up."""
        if self.close_code is not None:
            return  # after a frame that found no room, none may follow: the page would miss one
        if len(self.outbox) >= INBOX:
            self.close(TOO_SLOW)
            return
        self.outbox.append(text)
        if self.writer is None:
            self.writer = self.loop.create_task(self._write())

    def close(self, code: int) -> None:
        if self.close_code is None:
            self.close_code = code
            self._stop()

    def _stop(self) -> None:
        if self.reader is not None:
            self.reader.cancel()

    # -- the socket's own tasks -----------------------------------------------------------------
    async def run(self, recheck: Callable[[], Actor]) -> None:
        """Read until there is nobody to read from, or somebody closes; then close, once."""
        self.recheck = recheck
        self.reader = self.loop.create_task(self._read())
        if self.close_code is not None:
            self._stop()
        self._watch()
        try:
            await asyncio.wait([self.reader])
        finally:
            if self.timer is not None:
                self.timer.cancel()
            tasks = [task for task in (self.reader, self.writer, self.checker) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(*GONE):
            async with asyncio.timeout(2):
                await self.socket.close(self.close_code or NORMAL)

    async def _write(self) -> None:
        try:
            while self.outbox:
                await self.socket.send({"type": "websocket.send", "text": self.outbox.pop(0)})
            self.writer = None
        except GONE:
            self._stop()
        except Exception:
            self._fail()

    def _watch(self) -> None:
        """Look after silence and rights, each at its time, with one timer for both."""
        now = time.monotonic()
        if now - self.heard_at >= SILENCE_SECONDS:
            self._stop()
            return
        if now - self.checked_at >= RECHECK_SECONDS:
            self.checked_at = now
            self.checker = self.loop.create_task(self._check())
        due = min(self.heard_at + SILENCE_SECONDS, self.checked_at + RECHECK_SECONDS)
        self.timer = self.loop.call_later(due - now, self._watch)

    async def _check(self) -> None:
        """News of a revocation may get lost; a socket's right to be open is looked up again."""
        try:
            await in_database(self.recheck)
        except Refused as refusal:
            self.close(refusal.close_code)
        except Exception:
            self._fail()

    async def _read(self) -> None:
        try:
            while True:
                message = await self.socket.receive()
                text = message.get("text")
                if text is None:
                    return  # gone, or speaking binary
                self.heard_at = time.monotonic()
                if not self.bucket.take():
                    self.close(FLOODING)
                    return
                self.hub.touch(self.actor.channel)
                await self._handle_text(text)
                await asyncio.sleep(0)  # many frames in one packet: writer and others have turns
        except GONE:
            return
        except Exception:
            self._fail()

    def _fail(self) -> None:
        """Inside an `except`: our fault, written down; the page comes back."""
        logger.exception("socket: closed by a fault")
        self.close(FAULT)

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
            case RelaySignal():
                seat = self._known_seat(frame.call) or await self._look_up_seat(frame.call)
                self._relay(frame, seat)
            case Ping():
                pong = {"type": "pong", "seq": self.hub.sequence(self.actor.channel)}
                self.send(encode(pong).decode())
            case JoinCall():
                await self._join_call(frame)
            case RelayVisit():
                self.visits = self.visits or VisitRelay(self.hub, self.actor)
                if problem := await self.visits.pass_on(frame):
                    self._complain(problem, "visit.relay")

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

    def _relay(self, frame: RelaySignal, seat: Seat | None) -> None:
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

    def _known_seat(self, call: str) -> Seat | None:
        """The actor's seat. Kept for 30 s, or until news for this person: the call may be over."""
        seat = self.seats.get(call)
        sequence, now = self.hub.sequence(self.actor.channel), time.monotonic()
        fresh = seat is not None and seat.until > now and self.seats_at == sequence
        return seat if fresh else None

    async def _look_up_seat(self, call: str) -> Seat | None:
        sequence, until = self._now()
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

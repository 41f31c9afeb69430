"""The bus through Redis: pub/sub for what is said, keys with an end for what is known.

Nodes number what they say. Whoever finds a number missing, or could not listen for a while, counts
a missed event for all its pages, and their next `pong` makes them catch up (docs/protocol.md).
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import msgspec
import redis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from healthcompanion.realtime.bus import Word
from healthcompanion.realtime.hub import HOLD_SECONDS, PRESENCE_SECONDS, Hub

logger = logging.getLogger(__name__)
TOPIC = "hc:nodes"
REFRESH_SECONDS = 15.0
BEAT_SECONDS = 2.0
SILENT_SECONDS = 6.0  # three beats of our own that did not come back
STALE_SECONDS = 10.0  # a signal this late does more harm than good
PATIENCE_SECONDS = 0.3  # how long a page waits for Redis
BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
WAITING, BATCH = 2000, 200
AWAY = (redis.RedisError, OSError, TimeoutError)
Command = tuple[str | bytes | float, ...]


class Numbered(msgspec.Struct):
    """A word with its speaker and the number of the words that this node has said so far."""

    node: str
    number: int
    word: Word


_decoder = msgspec.json.Decoder(Numbered)


class RedisBus:
    """One node's end of the bus. Starts and stops with the application, on its event loop."""

    def __init__(self, url: str) -> None:
        self.node = secrets.token_hex(8)
        self.own = b'{"node":"' + self.node.encode()  # how our own words begin: heard, not decoded
        self.hub: Hub | None = None
        self.said = 0
        self.heard: dict[str, int] = {}
        self.touched: dict[str, float] = {}
        self.listening, self.speaking = asyncio.Event(), True
        self.queue: asyncio.Queue[tuple[float, Command]] = asyncio.Queue(WAITING)
        self.tasks: set[asyncio.Task[None]] = set()
        once: Any = {"socket_connect_timeout": 2.0, "retry": AsyncRetry(NoBackoff(), 0)}
        self.ear = Redis.from_url(url, max_connections=1, **once)
        # One connection for the queue, the others for questions.
        self.mouth = Redis.from_url(url, max_connections=4, socket_timeout=2.0, **once)
        self.pages = redis.Redis(
            connection_pool=redis.BlockingConnectionPool.from_url(
                url,
                max_connections=10,
                timeout=PATIENCE_SECONDS,
                socket_timeout=PATIENCE_SECONDS,
                socket_connect_timeout=PATIENCE_SECONDS,
                retry=Retry(NoBackoff(), 0),
            )
        )
        self.unanswered_until = 0.0
        self.stopping = False

    @contextlib.asynccontextmanager
    async def joined(self, hub: Hub) -> AsyncIterator[Self]:
        """Carry `hub`'s words until the end of the block. A Redis that is away delays nobody."""
        self.hub = hub
        for work in (self._listen, self._speak, self._beat):
            self._start(work())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self.listening.wait()
                hub.missed = 0  # nobody was there yet who could have missed anything
        try:
            yield self
        finally:
            self.stopping = True
            while self.tasks:  # a client that is cleaning up may swallow a cancellation
                for task in self.tasks:
                    task.cancel()
                await asyncio.wait(self.tasks, timeout=0.5)
                await asyncio.sleep(0)
            await self.ear.aclose()
            await self.mouth.aclose()
            self.pages.close()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # -- what the hub calls, on the event loop --------------------------------------------------
    def is_whole(self) -> bool:
        return self.listening.is_set() and self.speaking

    def send(self, word: Word) -> None:
        if word.do != "beat":
            self.said += 1
        text = msgspec.json.encode(Numbered(self.node, self.said, word))
        self._put("PUBLISH", TOPIC, text)

    def touch(self, channel: str) -> None:
        now = time.monotonic()
        if now - self.touched.get(channel, -REFRESH_SECONDS) >= REFRESH_SECONDS:
            self.touched[channel] = now
            self._note_present(channel)

    def _note_present(self, channel: str) -> None:
        key, seconds = _present(channel), PRESENCE_SECONDS + REFRESH_SECONDS
        self._put("ZADD", key, time.time() + seconds, self.node)
        self._put("EXPIRE", key, int(seconds))

    def leave(self, channel: str, then: Callable[[], None]) -> None:
        self.touched.pop(channel, None)
        self._put("ZREM", _present(channel), self.node)
        self._start(self._unless_elsewhere(channel, then))

    async def _unless_elsewhere(self, channel: str, then: Callable[[], None]) -> None:
        nodes: Any = []
        with contextlib.suppress(*AWAY):
            nodes = await self.mouth.zrange(_present(channel), time.time(), "+inf", byscore=True)
        if all(node == self.node.encode() for node in nodes):
            then()

    def hold(self, key: str, value: Any) -> None:
        self._put("SET", _kept(key), msgspec.json.encode(value), "EX", HOLD_SECONDS)

    def _put(self, *command: str | bytes | float) -> None:
        """Queue a command. Where there is no room it is lost, and the next number tells."""
        whole = tuple(int(part) if isinstance(part, float) else part for part in command)
        with contextlib.suppress(asyncio.QueueFull):
            self.queue.put_nowait((time.monotonic(), whole))

    # -- what threads call ----------------------------------------------------------------------
    def held(self, key: str) -> Any:
        found = self._ask(lambda: self.pages.get(_kept(key)))
        return msgspec.json.decode(found) if found else None

    def is_present(self, channel: str) -> bool:
        return bool(self._ask(lambda: self.pages.zcount(_present(channel), time.time(), "+inf")))

    def _ask(self, question: Callable[[], Any]) -> Any:
        """The answer, or None. After a failure nobody asks for two seconds: pages must not hang."""
        if time.monotonic() < self.unanswered_until:
            return None
        try:
            return question()
        except AWAY:
            self.unanswered_until = time.monotonic() + 2
            return None

    # -- the bus's own tasks --------------------------------------------------------------------
    async def _beat(self) -> None:
        """Say the last number from time to time, so that a lost word does not stay unnoticed."""
        while True:
            self.send(Word("beat"))
            await asyncio.sleep(BEAT_SECONDS)

    async def _speak(self) -> None:
        failures = 0
        batch: list[tuple[float, Command]] = []
        while not self.stopping:
            if not batch:
                batch.append(await self.queue.get())
            while len(batch) < BATCH and not self.queue.empty():
                batch.append(self.queue.get_nowait())
            oldest = time.monotonic() - STALE_SECONDS
            batch = [entry for entry in batch if entry[0] >= oldest]
            try:
                await self._write([command for _at, command in batch])
            except Exception as error:  # whatever the client raises, the node goes on
                self._report(failures, error)
                self.speaking = False
                await asyncio.sleep(_pause(failures))
                failures += 1
            else:
                self.speaking, failures, batch = True, 0, []

    async def _write(self, commands: list[Command]) -> None:
        async with self.mouth.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            await pipe.execute()

    async def _listen(self) -> None:
        failures = 0
        while not self.stopping:
            try:
                async with self.ear.pubsub(ignore_subscribe_messages=False) as subscription:
                    await subscription.subscribe(TOPIC)
                    while not self.stopping:
                        message = await subscription.get_message(timeout=SILENT_SECONDS)
                        if message is None:
                            raise TimeoutError("nothing was heard, not even our own beat")
                        if message["type"] == "subscribe":
                            self._hear_again()
                            failures = 0
                        elif message["type"] == "message":
                            self._hear(message["data"])
            except Exception as error:  # the same
                self._report(failures, error)
            self.listening.clear()
            await asyncio.sleep(_pause(failures))
            failures += 1

    def _hear_again(self) -> None:
        """Anything may have been said meanwhile, and Redis may have forgotten who is here."""
        if self.hub is not None:
            self.hub.miss()
        for channel in self.touched:
            self._note_present(channel)
        if not self.listening.is_set():
            logger.info("bus: listening to the other nodes")
        self.listening.set()

    def _hear(self, data: bytes) -> None:
        if data.startswith(self.own):
            return
        try:
            said = _decoder.decode(data)
        except (msgspec.MsgspecError, ValueError):
            logger.warning("bus: another version of this service, or a stranger, is on this Redis")
            return
        hub, word = self.hub, said.word
        if hub is None:
            return
        before = self.heard.get(said.node, 0)
        if word.do == "beat":
            if said.number > before:
                self.heard[said.node] = said.number
                hub.miss()
            return
        if said.number <= before:
            return  # written twice because the first time was not confirmed
        self.heard[said.node] = said.number
        if said.number > before + 1:
            hub.miss()
        hub.receive(word)

    def _report(self, failures: int, error: BaseException) -> None:
        if failures == 0:
            logger.warning("bus: Redis is away (%s); this node goes on alone", type(error).__name__)


def _pause(failures: int) -> float:
    return BACK_OFF[min(failures, len(BACK_OFF) - 1)]


def _present(channel: str) -> str:
    return f"hc:present:{channel}"


def _kept(key: str) -> str:
    return f"hc:kept:{key}"

"""Frames as somebody would write them who wishes us harm: well-formed lies, and torn bytes.

Everything follows from the seed, so a frame that did damage can be made again.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MESSAGES = Path(__file__).parent / "messages"
TYPES = ["ping", "call.join", "signal.relay", "visit.relay"]
ODD_TYPES = [
    "",
    "hello",
    "pong",
    "call.ended",
    "signal.relayed",
    "visit.relayed",
    "ping\x00",
    "PING",
    "a" * 300,
]
TOKENS = [b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"true", b"-", b"1e999", b"\\ud800"]
TOKENS += [b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf"]
NUMBERS = [0, 1, -1, 2**31, 2**53, 2**53 + 1, 2**64, 10**400, 0.5, 1e308]
TEXTS = ["", "x", "\x00", "\u202e", "💊" * 50, "' OR 1=1 --", "<script>", "{{7*7}}", "x" * 3000]


@dataclass
class Hostile:
    """Makes frames about `codes`: of one's own call, of other people's, of nobody; and `guests`."""

    seed: int
    codes: list[str]
    guests: list[str]

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        files = sorted(MESSAGES.glob("client-*.json"))
        self.corpus = [json.loads(file.read_text())["frame"] for file in files]
        assert self.corpus, "no examples of client frames"

    def texts(self, count: int) -> Iterator[str]:
        """As `bytes`, for places that only see what a server has decoded already."""
        for frame in self.frames(count):
            yield frame.decode("utf-8", "replace")

    def frames(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            kind = self.chance.random()
            if kind < 0.2:
                yield self.dump(self.honest())
            elif kind < 0.5:
                yield self.dump(self.liar())
            elif kind < 0.99:
                yield self.torn(self.dump(self.honest()))
            else:
                yield self.huge()

    def honest(self) -> Any:
        """A frame that fits the protocol; about whom is another matter."""
        frame = dict(self.chance.choice(self.corpus))
        for name in frame.keys() & {"call", "to"}:
            frame[name] = self.chance.choice(self.codes)
        if "guest" in frame:
            frame["guest"] = self.chance.choice(self.guests)
        return frame

    def liar(self) -> Any:
        """JSON that has the look of a frame, with one to three things wrong with it."""
        frame = self.honest()
        for _ in range(self.chance.randint(1, 3)):
            target = frame
            inner = [value for value in frame.values() if isinstance(value, dict)]
            if inner and self.chance.random() < 0.5:
                target = inner[0] = dict(inner[0])
                frame = {k: target if isinstance(v, dict) else v for k, v in frame.items()}
            self.spoil(target)
        return frame if self.chance.random() < 0.97 else [frame]

    def spoil(self, target: dict[str, Any]) -> None:
        name = self.chance.choice([*target, "from", "seq", "__proto__", ""])
        match self.chance.randrange(4):
            case 0:
                target.pop(name, None)
            case 1:
                target[name] = self.value(3)
            case 2:
                target["type"] = self.chance.choice(TYPES + ODD_TYPES)
            case _:
                target[self.chance.choice(TEXTS)] = self.value(1)

    def value(self, depth: int) -> Any:
        match self.chance.randrange(7 if depth else 5):
            case 0:
                return self.chance.choice(NUMBERS)
            case 1:
                return self.chance.choice(TEXTS)
            case 2:
                return self.chance.choice([None, True, False])
            case 3 | 4:
                return self.chance.choice(self.codes)
            case 5:
                return [self.value(depth - 1) for _ in range(self.chance.randrange(4))]
            case _:
                return {str(self.chance.choice(TEXTS)): self.value(depth - 1)}

    def torn(self, frame: bytes) -> bytes:
        """A valid frame after one to four accidents with its bytes."""
        for _ in range(self.chance.randint(1, 4)):
            at = self.chance.randrange(len(frame) + 1)
            end = min(len(frame), at + self.chance.randint(1, 12))
            match self.chance.randrange(6):
                case 0:
                    frame = frame[:at] + self.chance.randbytes(1) + frame[at + 1 :]
                case 1:
                    frame = frame[:at] + frame[end:]
                case 2:
                    frame = frame[:end] + frame[at:]
                case 3:
                    frame = frame[:at] + self.chance.choice(TOKENS) + frame[at:]
                case 4:
                    frame = frame[:at]
                case _:
                    frame = frame[:at] + self.chance.randbytes(end - at) + frame[end:]
        return frame

    def huge(self) -> bytes:
        """Around the limits of size and depth."""
        size = self.chance.choice([30_000, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1])
        opening = self.chance.choice([b"[", b'{"a":', b'"', b" ", b"9"])
        return (opening * size)[:size]

    @staticmethod
    def dump(frame: Any) -> bytes:
        return json.dumps(frame).encode()

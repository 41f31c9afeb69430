"""Where something could have left a trace: memory of a process, the network, files, tables."""

import base64
import contextlib
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.infrastructure.server import Server

EVERY_PROTOCOL = 0x0003
STATISTICS, PACKET = 6, 263  # PACKET_STATISTICS and SOL_PACKET of linux/if_packet.h
BLOCK = 16 * 1024 * 1024
TABLES = """
from django.db import connection
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute('SELECT * FROM ' + connection.ops.quote_name(table))
        for row in cursor.fetchall():
            print(table, [bytes(it) if isinstance(it, memoryview) else it for it in row])
"""


def guises(marker: str) -> list[bytes]:
    """How a text may lie around: as UTF-8, as browsers and Python keep it, in base64."""
    plain = marker.encode()
    return [
        plain,
        marker.encode("utf-16-le"),
        *(base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)),
    ]


def found(markers: Iterable[str], content: bytes) -> list[str]:
    """Those of `markers` that stand in `content` in any guise."""
    return [marker for marker in markers if any(guise in content for guise in guises(marker))]


def memory_of(process: int) -> Iterator[bytes]:
    """Everything that a process could have written into its memory."""
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            start, end = (int(edge, 16) for edge in span.split("-"))
            if "w" not in rights:
                continue
            with contextlib.suppress(OSError, ValueError):  # unmapped meanwhile, or not readable
                memory.seek(start)
                yield from iter(lambda: memory.read(min(BLOCK, end - memory.tell())), b"")  # noqa: B023 -- read at once


def found_in_memory(markers: list[str], process: int) -> list[str]:
    """Pieces overlap by more than a marker is long."""
    seen: set[str] = set()
    tail = b""
    for piece in memory_of(process):
        seen.update(found(markers, tail + piece))
        tail = piece[-1024:]
    return sorted(seen)


def files_of(server: Server) -> bytes:
    """All that lies in the service's folder: database, log, keys, stored files."""
    return b"\0".join(path.read_bytes() for path in server.folder.rglob("*") if path.is_file())


def tables_of(server: Server) -> bytes:
    return server.run(TABLES).encode()


class Capture:
    """All that crosses any network card of this namespace, as it is on the wire."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL))
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 128 * 1024 * 1024)  # SO_RCVBUFFORCE
        self.socket.settimeout(0.2)
        self.lost = 0
        self.goes_on = True
        self.thread = threading.Thread(target=self.take, daemon=True)

    def take(self) -> None:
        while self.goes_on:
            with contextlib.suppress(TimeoutError):
                self.packets.append(self.socket.recv(65_535))

    def stop(self) -> None:
        self.goes_on = False
        self.thread.join(5)
        self.lost = struct.unpack("II", self.socket.getsockopt(PACKET, STATISTICS, 8))[1]
        self.socket.close()

    def datagrams(self, port: int) -> list[bytes]:
        """The payloads of IPv4's UDP from or to `port`."""
        payloads = []
        for packet in self.packets:
            head = packet[14:]  # behind the Ethernet header, which lo has too
            if len(head) < 28 or head[0] >> 4 != 4 or head[9] != socket.IPPROTO_UDP:
                continue
            udp = head[(head[0] & 15) * 4 :]
            if port in struct.unpack_from("!HH", udp):
                payloads.append(udp[8:])
        return payloads


@contextlib.contextmanager
def captured() -> Iterator[Capture]:
    """Listens while the block runs. Needs root."""
    capture = Capture()
    capture.thread.start()
    try:
        yield capture
    finally:
        capture.stop()

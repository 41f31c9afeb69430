"""A small internet of our own: every computer in a network namespace, its cables pulled, slowed
and thinned by hand. Packets pass through this process (TUN devices), so that no kernel module is
needed; nothing leaves the machine. Needs root; `possible()` says whether it is there."""

import asyncio
import contextlib
import ctypes
import fcntl
import os
import random
import shutil
import socket
import stat
import struct
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

Opened = TypeVar("Opened", int, socket.socket)
TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
UNSHARE = shutil.which("unshare") or "/usr/bin/unshare"
LONGEST_QUEUE = 0.4  # seconds; what would wait longer is dropped, as in a home router
LARGEST_PACKET = 65536


def possible() -> bool:
    """Whether this process may make networks."""
    if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
        return False
    tried = subprocess.run([UNSHARE, "--net", "/bin/true"], capture_output=True)
    return tried.returncode == 0


@dataclass
class Cable:
    """One network card of a computer. All four values may be changed while packets flow."""

    address: str
    delay: float = 0.0  # seconds, each way
    loss: float = 0.0  # share of the packets, each way
    kbit: float = 0.0  # per second, each way; 0 = as fast as it goes
    plugged: bool = True  # False: packets vanish without a word
    device: int = -1
    free_at: dict[str, float] = field(default_factory=dict)

    def arrival(self, now: float, way: str, size: int) -> float | None:
        """When a packet that enters now leaves at the other end; None where it is lost."""
        if not self.plugged or random.random() < self.loss:
            return None
        start = max(now, self.free_at.get(way, 0.0))
        if start - now > LONGEST_QUEUE:
            return None
        self.free_at[way] = start + (size * 8 / (self.kbit * 1000) if self.kbit else 0)
        return self.free_at[way] + self.delay


@dataclass
class Tunnel:
    """The way from a computer's own localhost to a service of ours, as slow as one likes."""

    port: int
    delay: float = 0.0  # seconds, each way
    open: bool = True  # False: nothing passes, and nobody is told
    held: asyncio.Event = field(default_factory=asyncio.Event)
    writers: set[asyncio.StreamWriter] = field(default_factory=set)


class Computer:
    """A namespace with cables, in which programs can be started."""

    def __init__(self, network: "Network", number: int) -> None:
        self.network, self.number = network, number
        self.cables: list[Cable] = []
        self.tunnels: list[Tunnel] = []
        self._holder = subprocess.Popen(
            [UNSHARE, "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep 3600"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"up\n"

    def plug_in(self) -> Cable:
        """A new card with an address of its own; the newest carries what others do not."""
        name = f"eth{len(self.cables)}"
        cable = Cable(f"10.78.{self.number}{len(self.cables)}.2")
        cable.device = self._inside(partial(_open_tun, name))
        self.run("ip", "address", "add", f"{cable.address}/24", "dev", name)
        self.run("ip", "link", "set", name, "up")
        table = str(100 + len(self.cables))
        self.run("ip", "route", "add", "default", "dev", name, "table", table)
        self.run("ip", "rule", "add", "from", cable.address, "table", table)
        self.run("ip", "route", "replace", "default", "dev", name)
        self.cables.append(cable)
        self.network.attach(cable)
        return cable

    def switch_off(self, cable: Cable) -> None:
        """The card itself goes down, which programs on the computer notice."""
        cable.plugged = False
        self.run("ip", "link", "set", f"eth{self.cables.index(cable)}", "down")

    def reach(self, port: int) -> Tunnel:
        """`localhost:port` is ours here too."""
        listener = self._inside(partial(_listen, port))
        tunnel = Tunnel(port)
        self.tunnels.append(tunnel)
        self.network.serve(listener, tunnel)
        return tunnel

    def run(self, *command: str) -> None:
        subprocess.run([*self.entering, *command], check=True, capture_output=True, timeout=10)

    @property
    def entering(self) -> list[str]:
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net"]

    def program(self, path: str) -> str:
        """A program that does what `path` does, here."""
        wrapper = self.network.folder / f"{Path(path).name}-{self.number}"
        wrapper.write_text(f'#!/bin/sh\nexec {" ".join(self.entering)} {path} "$@"\n')
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        return str(wrapper)

    def stop(self) -> None:
        self._holder.kill()
        self._holder.wait(5)
        if self._holder.stdout is not None:
            self._holder.stdout.close()

    def _inside(self, task: Callable[[], Opened]) -> Opened:
        """Do `task` in a thread that has moved here; what it opens stays here."""
        results: list[Opened] = []

        def move() -> None:
            with open(f"/proc/{self._holder.pid}/ns/net") as place:
                if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            results.append(task())

        thread = threading.Thread(target=move)
        thread.start()
        thread.join(10)
        return results[0]


class Network:
    """What lies between the computers: a thread that carries packets and words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.computers: list[Computer] = []
        self.seen: Counter[tuple[str, str]] = Counter()  # packets, by source and destination
        self.walls: set[frozenset[str]] = set()  # pairs of addresses with no way between them
        self._cables: dict[bytes, Cable] = {}
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def computer(self) -> Computer:
        made = Computer(self, len(self.computers) + 1)
        self.computers.append(made)
        return made

    def attach(self, cable: Cable) -> None:
        self._cables[socket.inet_aton(cable.address)] = cable
        self._loop.call_soon_threadsafe(self._loop.add_reader, cable.device, self._carry, cable)

    def serve(self, listener: socket.socket, tunnel: Tunnel) -> None:
        handle = partial(self._through, tunnel)
        server = asyncio.start_server(handle, sock=listener)
        self._servers.append(asyncio.run_coroutine_threadsafe(server, self._loop).result(5))

    def cut(self, tunnel: Tunnel) -> None:
        """Every connection through it breaks, and none comes about, until `mend`."""
        self._loop.call_soon_threadsafe(self._cut, tunnel)

    def mend(self, tunnel: Tunnel) -> None:
        tunnel.open = True

    def stop(self) -> None:
        for computer in self.computers:
            computer.stop()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        for cable in self._cables.values():
            with contextlib.suppress(OSError):
                os.close(cable.device)

    async def _end(self) -> None:
        """Close what is open, and let those who wait for it hear of it."""
        for cable in self._cables.values():
            self._loop.remove_reader(cable.device)
        for server in self._servers:
            server.close()
        for computer in self.computers:
            for tunnel in computer.tunnels:
                self._cut(tunnel)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _carry(self, source: Cable) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = os.read(source.device, LARGEST_PACKET)
                target = self._cables.get(packet[16:20]) if packet[0] >> 4 == 4 else None
                if target is None:
                    continue
                way = (socket.inet_ntoa(packet[12:16]), target.address)
                self.seen[way] += 1
                if frozenset(way) in self.walls:
                    continue
                now = self._loop.time()
                up = source.arrival(now, "up", len(packet))
                down = None if up is None else target.arrival(up, "down", len(packet))
                if down is not None:
                    self._loop.call_at(down, self._deliver, target, packet)

    def _deliver(self, target: Cable, packet: bytes) -> None:
        if target.plugged:
            with contextlib.suppress(OSError):  # its card has been switched off
                os.write(target.device, packet)

    def _cut(self, tunnel: Tunnel) -> None:
        tunnel.open = False
        for writer in tunnel.writers:
            writer.transport.abort()

    async def _through(
        self, tunnel: Tunnel, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            if not tunnel.open:
                raise ConnectionRefusedError
            there = await asyncio.open_connection("127.0.0.1", tunnel.port)
        except OSError:
            writer.transport.abort()
            return
        tunnel.writers |= {writer, there[1]}
        await asyncio.gather(
            self._pump(tunnel, reader, there[1]), self._pump(tunnel, there[0], writer)
        )
        tunnel.writers -= {writer, there[1]}

    async def _pump(
        self, tunnel: Tunnel, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        last = asyncio.get_running_loop().time()
        with contextlib.suppress(OSError):
            while data := await reader.read(LARGEST_PACKET):
                last = max(last, self._loop.time() + tunnel.delay)
                self._loop.call_at(last, self._write, tunnel, writer, data)
        self._loop.call_at(last, self._close, writer)

    def _write(self, tunnel: Tunnel, writer: asyncio.StreamWriter, data: bytes) -> None:
        if tunnel.open:
            with contextlib.suppress(OSError, RuntimeError):
                writer.write(data)

    def _close(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            writer.close()


@contextlib.contextmanager
def network() -> Iterator[Network]:
    with tempfile.TemporaryDirectory(prefix="hc-network-") as folder:
        made = Network(Path(folder))
        try:
            yield made
        finally:
            made.stop()


def _open_tun(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def _listen(port: int) -> socket.socket:
    listener = socket.create_server(("127.0.0.1", port), backlog=100)
    listener.setblocking(False)
    return listener

"""The demo in a home or office network: who we are there, and what listens where.

https at the address in the network, where phones come; plain http on this computer itself, as
always; and beside them a plain page at which phones learn to trust the first (`PhonePage`).
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ANY = {"0.0.0.0", "::"}  # noqa: S104 -- recognised, not bound
SOMEWHERE = ("192.0.2.1", 9)  # RFC 5737: nobody; a UDP socket sends nothing when it connects
PAGE_PORTS = 10


class NoNetwork(Exception):
    """There is no address at which others could reach this computer."""


@dataclass(frozen=True)
class Network:
    """Where this computer is reachable from others. No addresses: not at all."""

    addresses: list[str]
    port: int

    @property
    def base_url(self) -> str:
        return self.urls[0] if self.urls else f"http://localhost:{self.port}"

    @property
    def urls(self) -> list[str]:
        return [f"https://{address}:{self.port}" for address in self.addresses]


def network_of(host: str, port: int) -> Network:
    """What `--host` means. Raises NoNetwork where it is no address that we could print."""
    if host in ANY:
        found = own_addresses()
        if not found:
            raise NoNetwork("This computer is in no network. Without HOST the demo works on it.")
        return Network(found, port)
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise NoNetwork(f"HOST is 0.0.0.0 or an address of this computer, not {host}.") from None
    if address.is_loopback:
        return Network([], port)
    if address.version != 4:
        raise NoNetwork("HOST is an IPv4 address: phones reach the demo by one.")
    return Network([host], port)


def own_addresses() -> list[str]:
    """This computer's IPv4 addresses in its networks; first the one that leads outside."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
            found.append(str(probe.getsockname()[0]))
        except OSError:
            pass  # no way outside: the name may still have an address
    try:
        infos = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        found += [str(info[4][0]) for info in infos]
    except OSError:
        pass
    usable = [text for text in found if not ipaddress.ip_address(text).is_loopback]
    return [text for text in dict.fromkeys(usable) if _is_here(text)]


def _is_here(address: str) -> bool:
    """Whether this computer has the address: a name may lead to one that it had yesterday."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


@contextmanager
def listening(addresses: list[str], port: int) -> Iterator[list[socket.socket]]:
    """Sockets on `port` of each address. Raises OSError where one is taken."""
    with ExitStack() as opened:
        sockets = []
        for address in addresses:
            one = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((address, port))
            sockets.append(one)
        yield sockets


def page_port(network: Network) -> int:
    """A free port near the demo's for the page at which phones begin."""
    for port in range(network.port + 1, network.port + 1 + PAGE_PORTS):
        try:
            with listening(network.addresses, port):
                return port
        except OSError:
            continue
    raise NoNetwork(f"The ports after {network.port} are all taken.")


class OneAddress:
    """Leads from this computer's other names to the one that cookies and sockets know."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self.app, self.base_url = app, base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "")
        is_page = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if not is_page or self.base_url == f"https://{host}":
            await self.app(scope, receive, send)
            return
        path = scope.get("raw_path", quote(scope["path"]).encode()).decode("ascii", "replace")
        query = scope["query_string"].decode("ascii", "replace")
        target = self.base_url + path + (f"?{query}" if query else "")
        await RedirectResponse(target)(scope, receive, send)


class PhonePage:
    """Plain http for phones that do not trust us yet: `/phone/` and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await PlainTextResponse("https only", status_code=403)(scope, receive, send)
        elif scope["path"].startswith(("/phone/", "/static/")):
            await self.app(scope, receive, send)
        else:
            await RedirectResponse("/phone/")(scope, receive, send)


def folder(data: Path) -> Path:
    """Where certificates and keys of the network lie."""
    return data / "lan"

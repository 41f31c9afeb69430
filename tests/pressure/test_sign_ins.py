"""Two hundred wrong sign-ins at once: memory stays bounded, and the right one still gets in."""

import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tests.infrastructure.figures import Figures
from tests.infrastructure.server import Server
from tests.pressure.conftest import memory, settled_memory
from tests.pressure.practice import PASSWORD, sessions

CROWD, TRIES = 200, 20
IN_A_MINUTE = int(settings.ACCOUNT_RATE_LIMITS["login"].split("/")[0])
SIGN_IN = "/accounts/login/"
TOO_FAST = "Das ging etwas zu schnell"
BUSY = "Sehr viele Menschen melden sich gerade an"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and how long that took."""

    status: int
    text: str
    seconds: float


@dataclass
class Visitor:
    """A browser without cookies at an address of its own (all of 127/8 is this machine)."""

    server: Server
    address: str
    cookie: str = ""
    token: str = ""

    def ask(self, method: str, body: str = "") -> Answer:
        began = time.monotonic()
        where = urlsplit(self.server.url)
        assert where.port
        source = (self.address, 0)
        line = HTTPConnection("127.0.0.1", where.port, timeout=60, source_address=source)
        headers = {"Host": where.netloc, "Cookie": self.cookie, "Origin": self.server.url}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        line.request(method, SIGN_IN, body, headers)
        response = line.getresponse()
        text = response.read().decode()
        cookies = [it.split(";")[0] for it in response.headers.get_all("Set-Cookie", [])]
        line.close()
        if method == "GET":
            self.cookie, self.token = "; ".join(cookies), TOKEN.findall(text)[0]
        return Answer(response.status, text, time.monotonic() - began)

    def sign_in(self, email: str, password: str) -> Answer:
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": self.token}
        return self.ask("POST", urlencode(fields))


@dataclass
class Peak:
    """The most memory that the service held while this was open."""

    server: Server
    most: float = 0.0

    def __enter__(self) -> "Peak":
        self.done = threading.Event()
        self.watching = threading.Thread(target=self.watch)
        self.watching.start()
        return self

    def watch(self) -> None:
        while not self.done.wait(0.02):
            self.most = max(self.most, memory(self.server))

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.watching.join(5)


def attackers(server: Server, addresses: list[str]) -> list[Visitor]:
    first = Visitor(server, addresses[0])
    first.ask("GET")
    return [Visitor(server, address, first.cookie, first.token) for address in addresses]


def all_at_once(visitors: list[Visitor]) -> list[Answer]:
    """Everybody guesses in the same moment: addresses that exist, and some that do not."""
    gate = threading.Barrier(len(visitors))

    def guess(number: int) -> Answer:
        known = f"person{number % 2}@praxis.example"
        email = known if number % 4 < 2 else f"nobody{number}@praxis.example"
        gate.wait(20)
        return visitors[number].sign_in(email, f"Wrong-{number}-Password")

    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(guess, range(len(visitors))))


def patient_sign_in(person: Visitor, email: str) -> float:
    """How long somebody with the right password needs who tries again when asked to."""
    began = time.monotonic()
    while BUSY in (answer := person.sign_in(email, PASSWORD)).text:
        assert time.monotonic() - began < 30
        time.sleep(0.2)
    assert answer.status == 302, answer.text
    return time.monotonic() - began


def test_sign_ins_from_everywhere_take_neither_memory_nor_the_other_pages(
    server: Server, figures: Figures
) -> None:
    sessions(server, 3)
    crowd = attackers(server, [f"127.1.0.{number + 1}" for number in range(CROWD)])
    people = [Visitor(server, f"127.2.0.{number + 1}") for number in range(TRIES)]
    for person in people:
        person.ask("GET")
    before = settled_memory(server)

    with Peak(server) as peak, ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        flood = pool.submit(all_at_once, crowd)
        time.sleep(0.1)
        pages = [Visitor(server, "127.2.1.1").ask("GET").seconds for _ in range(TRIES)]
        waits = [patient_sign_in(person, "person2@praxis.example") for person in people]
        answers = flood.result()
        seconds = time.monotonic() - began

    met = Counter((answer.status, BUSY in answer.text) for answer in answers)
    answered, put_off = met[200, False], met[429, True]
    figures(
        "S7",
        f"{CROWD} wrong sign-ins from as many addresses in {seconds:.1f} s: {answered} answered, "
        f"{put_off} asked to come back; memory {peak.most - before:+.0f} MiB; a page meanwhile "
        f"took {max(pages):.2f} s at most, a right sign-in p95 {p95(waits):.2f} s (target 2 s)",
    )
    assert met.keys() == {(200, False), (429, True)}
    assert peak.most - before <= 300
    assert max(pages) < 10
    assert p95(waits) < 10
    assert not server.trouble(), server.trouble()


def test_sign_ins_from_one_address_are_slowed_down_in_our_look(
    server: Server, figures: Figures
) -> None:
    answers = all_at_once(attackers(server, ["127.3.0.1"] * CROWD))

    slowed = [answer for answer in answers if TOO_FAST in answer.text]
    figures("S7", f"{CROWD} wrong sign-ins from one address: {len(slowed)} refused with 429")
    assert {answer.status for answer in slowed} == {429}
    assert len(slowed) == CROWD - IN_A_MINUTE
    assert not server.trouble(), server.trouble()


def p95(waits: list[float]) -> float:
    return quantiles(waits, n=20)[18]

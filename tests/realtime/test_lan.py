"""`make run HOST=0.0.0.0`: who we are in the network, and what a phone is shown."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from healthcompanion.dashboard import demo
from healthcompanion.realtime import certificates, lan
from healthcompanion.realtime.lan import Network, NoNetwork, OneAddress, PhonePage, network_of

BASE = "https://192.168.1.5:8000"
ANYWHERE = "0.0.0.0"  # noqa: S104 -- what is typed; nothing is bound here


@pytest.mark.parametrize(
    ("host", "base_url"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("localhost", "http://localhost:8000"),
        (ANYWHERE, BASE),
        ("10.0.0.9", "https://10.0.0.9:8000"),
    ],
)
def test_host_decides_the_address(
    monkeypatch: pytest.MonkeyPatch, host: str, base_url: str
) -> None:
    monkeypatch.setattr(lan, "own_addresses", lambda: ["192.168.1.5", "10.0.0.9"])

    assert network_of(host, 8000).base_url == base_url


@pytest.mark.parametrize("host", ["practice.example", "fd00::5"])
def test_host_that_no_phone_could_use_is_refused(host: str) -> None:
    with pytest.raises(NoNetwork, match="HOST is"):
        network_of(host, 8000)


def test_computer_without_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "own_addresses", list)

    with pytest.raises(NoNetwork, match="in no network"):
        network_of(ANYWHERE, 8000)


def test_own_addresses_are_ours_and_not_loopback() -> None:
    for address in lan.own_addresses():
        assert not address.startswith("127.")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))


def test_addresses_of_yesterday_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    stale: list[Any] = [(socket.AF_INET, 0, 0, "", ("203.0.113.77", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args: stale)

    assert "203.0.113.77" not in lan.own_addresses()


def test_page_takes_the_next_free_port() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        assert port < lan.page_port(Network(["127.0.0.1"], port - 1)) < port + lan.PAGE_PORTS


async def ask(app: ASGIApp, path: str, *, host: str, method: str = "GET") -> tuple[int, str]:
    """Status of the answer, and where it leads."""
    scope = {
        "type": "http",
        "method": method,
        "path": path.split("?")[0],
        "raw_path": path.split("?")[0].encode(),
        "headers": [(b"host", host.encode())],
        "query_string": path.partition("?")[2].encode(),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
    }
    request = ApplicationCommunicator(app, scope)
    await request.send_input({"type": "http.request"})
    start = await request.receive_output()
    headers = dict(start["headers"])
    return start["status"], headers.get(b"location", b"").decode()


@pytest.mark.parametrize("path", ["/patients/?search=M%C3%BCller&filter=past", "/g/a%3Fb"])
async def test_whole_address_is_kept(path: str) -> None:
    app = OneAddress(PlainTextResponse("page"), BASE)

    assert await ask(app, path, host="praxis.local:8000") == (307, BASE + path)


@pytest.mark.parametrize(
    ("host", "method", "answer"),
    [
        ("192.168.1.5:8000", "GET", (200, "")),
        ("praxis.local:8000", "GET", (307, f"{BASE}/privacy/")),
        ("praxis.local:8000", "POST", (200, "")),
    ],
)
async def test_other_names_lead_to_the_one_address(
    host: str, method: str, answer: tuple[int, str]
) -> None:
    app = OneAddress(PlainTextResponse("page"), BASE)

    assert await ask(app, "/privacy/", host=host, method=method) == answer


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/phone/", (200, "")),
        ("/static/build/app.css", (200, "")),
        ("/", (307, "/phone/")),
        ("/accounts/login/", (307, "/phone/")),
    ],
)
async def test_plain_page_shows_itself_alone(path: str, answer: tuple[int, str]) -> None:
    app = PhonePage(PlainTextResponse("page"))

    assert await ask(app, path, host="192.168.1.5:8001") == answer


# -- the pages -----------------------------------------------------------------------------------
@pytest.fixture
def at_home(settings: Settings, tmp_path: Path) -> Path:
    """The demo in a network, with its authority made."""
    settings.HC_DEMO, settings.SECURE, settings.HC_DATA_DIR = True, True, tmp_path
    settings.HC_BASE_URL = BASE
    certificates.server_files(lan.folder(tmp_path), ["192.168.1.5"])
    return tmp_path


@pytest.mark.django_db
def test_phone_gets_the_certificate_and_the_invitation(at_home: Path, client: Client) -> None:
    doctor = demo.seed()
    authority = certificates.authority_of(at_home / "lan")
    assert authority is not None

    page = client.get("/phone/?language=en").content.decode()
    file = client.get("/phone/certificate/")

    assert demo.patient_link(doctor) in page
    assert certificates.fingerprint(authority) in page
    assert "<form" not in page
    assert "<script" not in page
    assert file["Content-Type"] == "application/x-x509-ca-cert"
    assert file.content == authority.public_bytes(Encoding.DER)
    assert b"PRIVATE" not in file.content
    assert x509.load_der_x509_certificate(file.content) == authority


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("agent", "opened"), [("Mozilla/5.0 (Linux; Android 15)", "Android"), ("Safari", "iPhone")]
)
def test_instructions_for_this_phone_are_open(
    at_home: Path, client: Client, agent: str, opened: str
) -> None:
    page = client.get("/phone/", headers={"User-Agent": agent}).content.decode()

    assert page.split("<details open>", 1)[1].split("<summary>", 1)[1].startswith(opened)
    assert page.count("<details open>") == 1


@pytest.mark.django_db
def test_phone_page_follows_the_language(at_home: Path, client: Client) -> None:
    texts = [
        client.get("/phone/", headers={"Accept-Language": "en"}).content.decode(),
        client.get("/phone/?language=de", headers={"Accept-Language": "en"}).content.decode(),
    ]

    assert ["Install the certificate" in text for text in texts] == [True, False]
    assert '<html lang="de">' in texts[1]


@pytest.mark.django_db
def test_without_appointments_the_phone_is_led_to_the_start(at_home: Path, client: Client) -> None:
    assert f'href="{BASE}/"' in client.get("/phone/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["HC_DEMO", "SECURE", "authority"])
def test_nobody_is_asked_to_trust_us_in_production(
    at_home: Path, client: Client, settings: Settings, missing: str
) -> None:
    if missing == "authority":
        (at_home / "lan/authority.pem").unlink()
    else:
        setattr(settings, missing, False)

    assert client.get("/phone/").status_code == 404
    assert client.get("/phone/certificate/").status_code == 404


# -- the command ---------------------------------------------------------------------------------
class Restarted(Exception):
    """The command began again with another environment."""


@pytest.fixture
def restarts(monkeypatch: pytest.MonkeyPatch) -> None:
    def execve(path: str, arguments: list[str], environment: dict[str, str]) -> None:
        assert (path, arguments) == (sys.executable, [sys.executable, *sys.argv])
        raise Restarted(environment["HC_BASE_URL"], environment["HC_DEMO"])

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(lan, "own_addresses", lambda: ["192.168.1.5"])


@pytest.mark.usefixtures("restarts")
@pytest.mark.parametrize(
    ("options", "base_url"),
    [
        (["--host", ANYWHERE], BASE),
        (["--host", ANYWHERE, "--port", "9000"], "https://192.168.1.5:9000"),
        (["--port", "9000"], "http://localhost:9000"),
    ],
)
def test_settings_follow_the_address(options: list[str], base_url: str) -> None:
    with pytest.raises(Restarted) as again:
        call_command("demo", *options)

    assert again.value.args == (base_url, "1")


def test_demo_without_network_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "own_addresses", list)

    with pytest.raises(CommandError, match="in no network"):
        call_command("demo", "--host", ANYWHERE)


def test_demo_is_not_opened_to_a_network_in_production(settings: Settings) -> None:
    settings.HC_DEMO = False

    with pytest.raises(CommandError, match="HC_DEMO is off"):
        call_command("demo", "--host", ANYWHERE)

"""Slow and endless request bodies: no page thread waits for them."""

import asyncio
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from healthcompanion.realtime.application import PAGE_THREADS
from healthcompanion.realtime.bodies import MAX_BODY, WholeBodies
from tests.infrastructure.sockets import service

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {  # with a cookie, the form's token is looked for in the body
    "cookie": f"csrftoken={'x' * 32}",
    "content_type": "application/x-www-form-urlencoded",
    "content_length": "1000",
}


def request(app: Any, verb: str, path: str, **headers: str) -> ApplicationCommunicator:
    scope = {
        "type": "http",
        "method": verb,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 8000),
        "client": ("127.0.0.1", 40000),
        "headers": [
            (b"host", b"localhost"),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        ],
    }
    return ApplicationCommunicator(app, scope)


async def send(client: ApplicationCommunicator, body: bytes, *, more: bool = False) -> None:
    await client.send_input({"type": "http.request", "body": body, "more_body": more})


async def status(client: ApplicationCommunicator, patience: float = 2) -> int:
    start = await client.receive_output(patience)
    return int(start["status"])


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with what it was given."""
    body, more = b"", True
    while more:
        message: Message = await receive()
        body, more = body + message["body"], message["more_body"]
    length = dict(scope["headers"]).get(b"content-length", b"none")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": length + b" " + body})


async def test_ten_slow_bodies_do_not_stop_the_pages() -> None:
    async with service() as app:
        assert isinstance(app, Starlette)
        slow = [request(app, "POST", "/accounts/login/", **FORM) for _ in range(PAGE_THREADS + 5)]
        for client in slow:
            await send(client, b"login=", more=True)
        await asyncio.sleep(0.1)
        page = request(app, "GET", "/accounts/login/")
        await send(page, b"")

        answered = await status(page)
        await page.wait(2)
        for client in slow:
            await client.send_input({"type": "http.disconnect"})
            await client.wait(2)

    assert answered == 200


async def test_slow_client_is_told_so_and_costs_no_thread() -> None:
    never = request(WholeBodies(_unreachable, patience=0.1), "POST", "/", content_length="10")
    await send(never, b"x", more=True)

    assert await status(never) == 408


async def test_whoever_keeps_sending_has_time() -> None:
    steady = request(WholeBodies(echo, patience=0.2), "POST", "/")
    for _ in range(5):
        await send(steady, b"x" * 4096, more=True)
        await asyncio.sleep(0.1)
    await send(steady, b"")

    assert await status(steady) == 200


@pytest.mark.parametrize("announced", [True, False])
async def test_too_large_is_refused(announced: bool) -> None:
    headers = {"content_length": str(MAX_BODY + 1)} if announced else {}
    client = request(WholeBodies(_unreachable), "POST", "/", **headers)
    if not announced:
        for _ in range(3):
            await send(client, b"x" * (MAX_BODY // 2), more=True)

    assert await status(client) == 413


@pytest.mark.parametrize("size", [0, 10, 200_000])
async def test_body_arrives_whole_with_its_length(size: int) -> None:
    client = request(WholeBodies(echo), "POST", "/")
    pieces = [b"x" * (size // 2), b"y" * (size - size // 2)]
    await send(client, pieces[0], more=True)
    await send(client, pieces[1])

    assert await status(client) == 200
    answer = (await client.receive_output(2))["body"]
    assert answer == (str(size).encode() if size else b"none") + b" " + b"".join(pieces)


async def _unreachable(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("the application must not be called")

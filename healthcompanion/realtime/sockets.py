"""The websocket addresses: who may open one, and what opening and closing tells others."""

import asyncio
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from healthcompanion.core.close_codes import (
    FLOODING,
    FOREIGN_ORIGIN,
    LINK_ENDED,
    REPLACED,
    SIGN_IN_AGAIN,
    UNKNOWN,
)
from healthcompanion.guests.audience import channels_of_guest
from healthcompanion.guests.models import Guest
from healthcompanion.realtime.actors import (
    Actor,
    Refused,
    cookie_of_guest,
    cookie_of_user,
    guest_at,
    user_at,
)
from healthcompanion.realtime.connection import Connection
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.frames import encode
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.limits import Pauses

GRACE_SECONDS = 5.0
DIGITS = 15  # of milliseconds, for thirty thousand years
pauses = Pauses(10.0)  # less than pages wait by themselves
_telling: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish


async def user_socket(socket: WebSocket) -> None:
    """`/ws/`: signed-in people, any number of pages."""
    header = socket.headers.get("cookie", "")
    await _serve(socket, cookie_of_user(header), lambda: user_at(header))


async def guest_socket(socket: WebSocket) -> None:
    """`/ws/g/<code>/`: a guest with a ticket; the page that was made last wins."""
    header, code = socket.headers.get("cookie", ""), socket.path_params["code"]
    await _serve(socket, cookie_of_guest(header, code), lambda: guest_at(header, code))


async def unknown_socket(socket: WebSocket) -> None:
    """Every other address: refused here, since the pages' application knows no sockets."""
    await _refuse(socket, UNKNOWN)


async def _serve(socket: WebSocket, cookie: str, authenticate: Callable[[], Actor]) -> None:
    if socket.headers.get("origin") not in settings.HC_ORIGINS:
        await _refuse(socket, FOREIGN_ORIGIN)
        return
    if pauses.holds(cookie):
        await _refuse(socket, FLOODING)
        return
    hub: Hub = socket.app.state.hub
    asked_at = hub.clock()
    try:
        actor = await in_database(authenticate)
    except Refused as refusal:
        await _refuse(socket, refusal.close_code)
        return
    await socket.accept()
    connection = Connection(socket, hub, actor, _made_at(socket))
    if actor.is_guest and not hub.make_way(actor.channel, connection.page, REPLACED):
        connection.close(REPLACED)
    else:
        _enter(hub, actor, connection)
    if any(hub.was_revoked(channel, since=asked_at) for channel in actor.channels):
        connection.close(LINK_ENDED if actor.is_guest else SIGN_IN_AGAIN)
    try:
        await connection.run(authenticate)
    finally:
        if connection.close_code == FLOODING:
            pauses.begin(cookie)
        _leave(hub, actor, connection)


def _made_at(socket: WebSocket) -> int:
    """When the page was made, in ms by our clock, as its address says; now where it does not."""
    now = int(time.time() * 1000)
    said = socket.query_params.get("page", "")
    return min(int(said), now) if said.isdecimal() and len(said) <= DIGITS else now


def _enter(hub: Hub, actor: Actor, connection: Connection) -> None:
    came = not hub.is_present(actor.channel)
    for channel in actor.channels:
        hub.join(channel, connection)
    hub.touch(actor.channel)
    hello = {"type": "hello", "epoch": hub.epoch, "seq": hub.sequence(actor.channel)}
    connection.send(encode(hello).decode())
    if came:
        tell_presence(hub, actor, actor.host_channels, online=True)


def _leave(hub: Hub, actor: Actor, connection: Connection) -> None:
    gone = [hub.leave(channel, connection) for channel in actor.channels]
    if gone[0]:
        asyncio.get_running_loop().call_later(GRACE_SECONDS, _say_gone, hub, actor)


def _say_gone(hub: Hub, actor: Actor) -> None:
    """A reload or a moment without network is no absence: only who stays away is gone."""
    if not hub.has_listeners(actor.channel) and hub.forget(actor.channel):
        hub.bus.leave(actor.channel, lambda: _tell_departure(hub, actor))


def _tell_departure(hub: Hub, actor: Actor) -> None:
    if isinstance(actor.person, Guest):
        task = asyncio.get_running_loop().create_task(_tell_present_hosts(hub, actor))
        _telling.add(task)
        task.add_done_callback(_telling.discard)


async def _tell_present_hosts(hub: Hub, actor: Actor) -> None:
    """Since the socket was opened the guest may have got another host, or the host an assistant."""
    try:
        channels = await in_database(channels_of_guest, actor.person.pk)
    except DatabaseError:  # who it was then is better than nobody
        channels = list(actor.host_channels)
    tell_presence(hub, actor, channels, online=False)


def tell_presence(hub: Hub, actor: Actor, channels: Iterable[str], *, online: bool) -> None:
    """Tell a guest's host, and who works for the host, that the green dot goes on or off."""
    listening = list(channels)
    if listening:
        news = {"type": "presence.changed", "guest": actor.person.code, "online": online}
        hub.publish(listening, news)


async def _refuse(socket: WebSocket, close_code: int) -> None:
    """Accept and close: a browser shows a page the close code only of an accepted socket."""
    await socket.accept()
    await socket.close(close_code)


routes = [
    WebSocketRoute("/ws/", user_socket),
    WebSocketRoute("/ws/g/{code}/", guest_socket),
    WebSocketRoute("/{path:path}", unknown_socket),
]

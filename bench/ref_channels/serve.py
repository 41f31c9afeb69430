"""`python -m bench.ref_channels.serve <port> <redis url> plain|deflate`

What its documentation recommends, and nothing that would slow it down: no database, no sign-in,
no check of who may talk to whom. Its frames are those of docs/protocol.md.
"""

import json
import sys
from typing import Any
from urllib.parse import parse_qs

import django
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

port, redis_url, compression = sys.argv[1:4]
settings.configure(
    SECRET_KEY="only for measuring",  # noqa: S106 -- guards nothing
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py caps a pool at 100 connections, which a loaded layer runs into
            "CONFIG": {"hosts": [{"address": redis_url, "max_connections": 10000}]},
        }
    },
)
django.setup()


class Page(AsyncWebsocketConsumer):  # type: ignore[misc]  # comes without types
    """One socket: a group of its own, into which others send."""

    async def connect(self) -> None:
        self.me = parse_qs(self.scope["query_string"].decode())["me"][0]
        await self.channel_layer.group_add(f"person.{self.me}", self.channel_name)
        await self.accept()
        await self._say({"type": "hello", "epoch": "0", "seq": 0})

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(f"person.{self.me}", self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes | None = None) -> None:
        frame = json.loads(text_data)
        match frame["type"]:
            case "ping":
                await self._say({"type": "pong", "seq": 0})
            case "signal.relay":
                signal = {**frame, "type": "signal.relayed", "from": self.me}
                event = {"type": "signal.relayed", "frame": signal}
                await self.channel_layer.group_send(f"person.{frame['to']}", event)

    async def signal_relayed(self, event: dict[str, Any]) -> None:
        await self._say(event["frame"])

    async def _say(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(frame))


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/", Page.as_asgi())])})

if __name__ == "__main__":
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(port),
        ws_per_message_deflate=compression == "deflate",
        access_log=False,
        log_level="warning",
        lifespan="off",
    )

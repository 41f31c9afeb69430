"""uvicorn's websocket, where bytes that are no text end their own connection without a fault."""

import asyncio
import contextlib
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

NO_TEXT = 1007
PIECE = 8 * 1024  # bytes taken from the network in one go


class QuietProtocol(WebSocketsSansIOProtocol):
    """uvicorn (0.54) logs a traceback for each text frame that is not UTF-8, and raises in the
    event loop where the close frame came along: anybody with a socket could fill the log.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        # All frames of one read are unpacked before anybody else has a turn: asyncio's 256 KiB
        # hold 7,500 pings, for which every other page would wait.
        with contextlib.suppress(AttributeError):  # other event loops read in pieces of their own
            cast(Any, transport).max_size = PIECE
        super().connection_made(transport)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not self.close_sent and not self._is_text():
            self.frames = []
            self.conn.fail(NO_TEXT)
            self.handle_parser_exception()  # says goodbye and tells the application
        else:
            super().send_receive_event_to_app()

    def _is_text(self) -> bool:
        try:
            b"".join(self.frames).decode()
        except UnicodeDecodeError:
            return False
        return True

"""uvicorn's websocket, where bytes that are no text end their own connection without a fault."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

NO_TEXT = 1007


class QuietProtocol(WebSocketsSansIOProtocol):
    """uvicorn (0.54) logs a traceback for each text frame that is not UTF-8, and raises in the
    event loop where the close frame came along: anybody with a socket could fill the log.
    """

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

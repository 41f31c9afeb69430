"""Somebody in the middle: has the signalling in their hands, answers each side as the other, and
passes picture, sound and words on. Plays the security code's part towards each as the rules ask."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, Route, WebSocketRoute

SCRIPT = (Path(__file__).parent / "eavesdropper.js").read_text(encoding="utf-8")


class Eavesdropper:
    """Works in a page of its own, where its two connections live."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answer = ""
        page.evaluate(SCRIPT)

    def sit_between(self, host: Page, guest: Page) -> None:
        """From the next page load on, everything between the two goes through this one."""
        host.route(re.compile(r"/patients/\w+/call/$"), self._ring)
        guest.route(re.compile(r"/acceptance/$"), self._accept)
        host.route_web_socket(re.compile(r"/ws/$"), lambda socket: self._watch(socket, "host"))
        guest.route_web_socket(
            re.compile(r"/ws/g/\w+/$"), lambda socket: self._watch(socket, "guest")
        )

    def sees_both(self) -> bool:
        """Whether the picture of each side really goes through here."""
        return bool(self.page.evaluate("mallory.seesBoth()"))

    def _ring(self, route: Route, request: Request) -> None:
        offer = json.loads(request.post_data or "{}")["offer"]
        own, self.answer = self.page.evaluate("offer => mallory.ring(offer)", offer)
        route.continue_(post_data=json.dumps({"offer": own}))

    def _accept(self, route: Route, request: Request) -> None:
        answer = json.loads(request.post_data or "{}")["answer"]
        self.page.evaluate("answer => mallory.accept(answer)", answer)
        route.continue_()

    def _watch(self, socket: WebSocketRoute, side: str) -> None:
        server = socket.connect_to_server()

        def from_page(frame: str | bytes) -> None:
            told = json.loads(frame)
            if told["type"] == "signal.relay":
                self.page.evaluate("([side, it]) => mallory.hear(side, it)", [side, told])
            else:
                server.send(frame)

        def from_server(frame: str | bytes) -> None:
            told = json.loads(frame)
            if told["type"] != "signal.relayed":  # what the other said before their socket was ours
                socket.send(json.dumps(self._changed(told)))

        socket.on_message(from_page)
        server.on_message(from_server)

    def _changed(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["type"] == "call.accepted":
            if told["call"]["initiated_by_me"]:
                told["answer"] = self.answer
            people = [person["code"] for person in told["call"]["participants"]]
            self.page.evaluate("people => mallory.meet(people)", people)
        return told

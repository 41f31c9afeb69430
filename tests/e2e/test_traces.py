"""What is said and sent in a call stays between the two pages (A3, A5): a marker that is typed, and
a file full of another, are looked for wherever they could have left a trace."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.coturn import relay
from tests.infrastructure.mail import Mailbox
from tests.infrastructure.media import wait_for_picture
from tests.infrastructure.relayed import RELAY_ONLY, path_of
from tests.infrastructure.server import running_server
from tests.infrastructure.traces import (
    captured,
    files_of,
    found,
    found_in_memory,
    tables_of,
)

PersonMaker = Callable[..., Person]
needs_root = pytest.mark.skipif(not os.environ.get("HC_OWN_NETWORK"), reason="needs root")


def exchange(anna: Person, paul: Person, words: str, draft: str, file: Path) -> None:
    """Paul types and sends words, leaves a draft standing, and sends a file that Anna takes."""
    for someone in (anna, paul):
        someone.page.locator("[data-part=chat]").click()
    box = paul.page.locator("#stage-chat-text")
    box.fill(words)
    paul.page.locator("[data-panel=chat] [type=submit]").click()
    box.press_sequentially(draft)
    expect(anna.page.locator("[data-part=chat-list] [data-part=row-text]")).to_have_text(words)
    expect(anna.page.locator("[data-part=chat-drafts] [data-part=row-text]")).to_have_text(draft)
    paul.page.locator("[data-part=chat-file]").set_input_files(file)
    anna.page.get_by_role("dialog").get_by_role("button", name="Annehmen").click()
    expect(paul.page.locator(".chat-file")).to_contain_text("Angekommen", timeout=30_000)


@needs_root
def test_content_of_a_call_is_in_no_table_file_log_memory_or_relayed_packet(
    all_mail: Mailbox, person: PersonMaker, tmp_path: Path
) -> None:
    words, draft, name, content = (f"Marke-{secrets.token_hex(12)}" for _ in range(4))
    markers = [words, draft, name, content]
    file = tmp_path / f"{name}.txt"
    file.write_text(f"{content}\n" * 20_000)
    with (
        relay() as turn,
        running_server(
            HC_EMAIL_URL=all_mail.url,
            HC_TURN_URLS=turn.url("udp"),
            HC_TURN_SECRET=turn.secret,
            HC_LOG_LEVEL="DEBUG",
        ) as server,
    ):
        account = people.professional(server)
        code, link = people.patient_link(server, account)
        anna, paul = person("Anna", server), person("Paul", server, phone=True)
        people.sign_in(anna, account)
        for someone in (anna, paul):
            someone.page.add_init_script(RELAY_ONLY)
        people.enter_waiting_room(paul, link)
        anna.goto(f"/patients/{code}/")

        with captured() as capture:
            people.call(anna, paul)
            wait_for_picture(anna.page, paul.page)
            assert (path_of(anna.page)[0], path_of(paul.page)[0]) == ("relay", "relay")
            exchange(anna, paul, words, draft, file)
        process = server.process
        assert process is not None
        key = server.environment["HC_LINK_KEY"]
        in_memory = found_in_memory([*markers, key], process.pid)
        anna.page.locator("[data-part=hang-up]").click()
        paul.page.get_by_role("heading", name="Das Gespräch ist beendet").wait_for()

        # Each place is first shown to be one in which something would be found.
        relayed = b"\0".join(capture.datagrams(turn.port))
        assert len(relayed) > file.stat().st_size
        assert capture.lost == 0
        assert found([*markers, "relay.test"], relayed) == ["relay.test"]
        assert found(markers, b"\0".join(capture.packets)) == []
        assert in_memory == [key]
        tables, files = tables_of(server), files_of(server)
        assert found([*markers, code], tables) == [code]
        assert found([*markers, "INFO"], files) == ["INFO"]
        assert not server.trouble()
        for someone in (anna, paul):
            someone.context.close()

"""Chat with real-time text, and files, between the two pages of a call (DEC-20, B17)."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import people
from tests.infrastructure.accessibility import axe
from tests.infrastructure.browser import Person
from tests.infrastructure.media import assert_media_flows, wait_for_picture
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]
Pair = tuple[Person, Person]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def pair(server: Server, person: PersonMaker) -> Pair:
    """Anna and Paul in a call, both with the chat open."""
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")
    people.call(anna, paul)
    wait_for_picture(anna.page, paul.page)
    for someone in (anna, paul):
        open_chat(someone.page)
    return anna, paul


def open_chat(page: Page) -> None:
    page.locator("[data-part=chat]").click()
    expect(page.locator("#stage-chat")).to_be_visible()


def box(page: Page) -> Locator:
    return page.locator("#stage-chat-text")


def say(page: Page, text: str) -> None:
    box(page).fill(text)
    page.locator("[data-panel=chat] [type=submit]").click()


def texts(page: Page) -> list[str]:
    return page.locator("[data-part=chat-list] [data-part=row-text]").all_inner_texts()


def send_file(page: Page, path: Path) -> None:
    page.locator("[data-part=chat-file]").set_input_files(path)


def last_file(page: Page) -> Locator:
    return page.locator(".chat-file").last


def saved(page: Page) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        last_file(page).get_by_role("button", name="Speichern").click()
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def test_messages_go_both_ways_and_look_as_they_were_written(pair: Pair) -> None:
    anna, paul = pair

    say(anna.page, "Nehmen Sie 2 Tropfen.\nMorgens und abends. <b>https://example.org</b>")
    expect(paul.page.locator("[data-part=row-text]")).to_be_visible()
    say(paul.page, "Danke! " + "lang" * 200)

    expect(anna.page.locator("[data-part=row-text]")).to_have_count(2)
    assert texts(anna.page) == texts(paul.page)
    assert texts(paul.page)[0].endswith("abends. <b>https://example.org</b>")
    assert paul.page.locator("#stage-chat a").count() == 0
    sideways = "(it) => it.scrollWidth > it.clientWidth"
    assert not paul.page.locator("[data-part=chat-scroll]").evaluate(sideways)
    expect(paul.page.locator("[data-part=chat-log]")).to_contain_text("Nehmen Sie 2 Tropfen.")
    for someone in (anna, paul):
        axe(someone.page)


def test_each_character_is_seen_within_a_second_while_video_runs(pair: Pair) -> None:
    anna, paul = pair
    draft = anna.page.locator("[data-part=chat-drafts] [data-part=row-text]")

    for typed in ("a", "ab", "abc"):
        paul.page.locator("#stage-chat-text").press_sequentially(typed[-1])
        began = time.monotonic()
        expect(draft).to_have_text(typed, timeout=1000)
        assert time.monotonic() - began < 1
    box(paul.page).press("Backspace")
    expect(draft).to_have_text("ab", timeout=1000)

    expect(anna.page.locator("[data-part=chat-log]")).to_be_empty()
    assert_media_flows(anna.page, paul.page, seconds=2)
    paul.page.locator("[data-panel=chat] [type=submit]").click()
    expect(draft).to_have_count(0)
    assert texts(anna.page) == ["ab"]


def test_who_switches_real_time_text_off_is_read_when_they_send(pair: Pair) -> None:
    anna, paul = pair
    draft = anna.page.locator("[data-part=chat-drafts] [data-part=row-text]")
    box(paul.page).press_sequentially("ich")
    expect(draft).to_have_text("ich")

    paul.page.get_by_role("switch").uncheck()
    expect(draft).to_have_count(0)
    box(paul.page).press_sequentially(" glaube")
    anna.page.wait_for_timeout(600)
    expect(draft).to_have_count(0)
    expect(paul.page.get_by_text("Live-Text ist aus")).to_be_visible()

    paul.page.locator("[data-panel=chat] [type=submit]").click()
    expect(anna.page.locator("[data-part=chat-list] [data-part=row-text]")).to_have_text(
        "ich glaube"
    )


def test_closed_chat_counts_silently_and_the_key_opens_it(pair: Pair) -> None:
    anna, paul = pair
    count = anna.page.locator("[data-part=chat] [data-unread]")
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator("#stage-chat")).to_be_hidden()

    say(paul.page, "eins")
    say(paul.page, "zwei")

    expect(count).to_contain_text("2")
    assert count.evaluate("(it) => it.closest('[aria-live], [role=status], [role=log]')") is None
    expect(anna.page.locator("[data-part=chat-preview]")).to_contain_text("zwei")
    anna.page.keyboard.press("t")
    expect(box(anna.page)).to_be_focused()
    assert box(anna.page).input_value() == ""
    expect(count).to_be_hidden()
    expect(anna.page.locator("[data-part=chat-preview]")).to_be_hidden()


def test_too_long_a_message_is_kept_and_explained(pair: Pair) -> None:
    anna, _ = pair

    say(anna.page, "x" * 4001)

    expect(anna.page.locator("[data-part=chat-error]")).to_contain_text("höchstens 4.000 Zeichen")
    assert len(box(anna.page).input_value()) == 4001
    assert texts(anna.page) == []


def test_what_is_written_while_the_other_is_away_arrives_once(pair: Pair) -> None:
    anna, paul = pair
    say(anna.page, "vorher")
    expect(paul.page.locator("[data-part=row-text]")).to_have_text("vorher")
    paul.page.on("dialog", lambda dialog: dialog.accept())

    paul.page.goto("about:blank")
    say(anna.page, "nachher")
    expect(anna.page.get_by_text("Wird gesendet")).to_be_visible()
    paul.page.go_back()
    wait_for_picture(anna.page, paul.page)
    open_chat(paul.page)

    expect(paul.page.locator("[data-part=row-text]")).to_have_text("nachher")
    expect(anna.page.get_by_text("Wird gesendet")).to_be_hidden()
    assert texts(anna.page) == ["vorher", "nachher"]


def test_files_go_both_ways_whole_and_are_only_saved(pair: Pair, tmp_path: Path) -> None:
    anna, paul = pair
    large = tmp_path / "Befund \u202efdp.exe"
    large.write_bytes(os.urandom(12_000_003))
    picture = tmp_path / "Foto.png"
    picture.write_bytes(PNG)

    send_file(anna.page, large)
    expect(last_file(paul.page)).to_contain_text("Befund fdp.exe")
    assert last_file(anna.page).locator("[data-part=row-state]").inner_text() == (
        "Noch nicht angenommen"
    )
    last_file(paul.page).get_by_role("button", name="Annehmen").click()
    expect(last_file(anna.page)).to_contain_text("Angekommen", timeout=30_000)
    name, content = saved(paul.page)
    assert (name, hashlib.sha256(content).digest()) == (
        "Befund fdp.exe",
        hashlib.sha256(large.read_bytes()).digest(),
    )

    send_file(paul.page, picture)
    last_file(anna.page).get_by_role("button", name="Annehmen").click()
    expect(last_file(anna.page).locator("img")).to_be_visible()
    assert saved(anna.page) == ("Foto.png", PNG)
    expect(last_file(anna.page)).to_contain_text("Gespeichert".lower())
    say(paul.page, "geht noch")
    expect(anna.page.locator("[data-part=chat-list] [data-part=row-text]")).to_have_text(
        "geht noch"
    )
    assert_media_flows(anna.page, paul.page, seconds=2)


def test_too_large_a_file_is_refused_before_anything_is_sent(pair: Pair, tmp_path: Path) -> None:
    anna, paul = pair
    film = tmp_path / "Film.mp4"
    with film.open("wb") as file:
        file.truncate(100 * 1024 * 1024 + 1)

    send_file(anna.page, film)

    expect(anna.page.locator("[data-part=chat-error]")).to_have_text(
        "Größer als 100 MB und deshalb nicht gesendet: Film.mp4"
    )
    assert anna.page.locator(".chat-file").count() == paul.page.locator(".chat-file").count() == 0


def test_file_that_is_cut_in_the_middle_says_so_and_can_be_sent_again(
    pair: Pair, tmp_path: Path
) -> None:
    anna, paul = pair
    file = tmp_path / "Film.mp4"
    file.write_bytes(os.urandom(60_000_000))
    send_file(anna.page, file)
    last_file(paul.page).get_by_role("button", name="Annehmen").click()
    expect(last_file(anna.page).locator("progress")).to_be_visible()
    paul.page.on("dialog", lambda dialog: dialog.accept())

    paul.page.reload()
    expect(last_file(anna.page)).to_contain_text("unterbrochen", timeout=20_000)
    wait_for_picture(anna.page, paul.page)
    file.write_bytes(file.read_bytes()[:1_000_000])
    last_file(anna.page).get_by_role("button", name="Erneut senden").click()
    open_chat(paul.page)
    last_file(paul.page).get_by_role("button", name="Annehmen").click()

    # It was changed on the disk meanwhile; the browser does not read it any more.
    expect(last_file(anna.page)).to_contain_text("nicht mehr lesbar")
    expect(last_file(paul.page)).to_contain_text("zurückgezogen")


def test_the_end_of_the_call_takes_the_chat_with_it_but_offers_what_was_not_saved(
    pair: Pair, tmp_path: Path
) -> None:
    anna, paul = pair
    say(anna.page, "vertraulich")
    expect(paul.page.locator("[data-part=row-text]")).to_be_visible()
    picture = tmp_path / "Foto.png"
    picture.write_bytes(PNG)
    send_file(anna.page, picture)
    last_file(paul.page).get_by_role("button", name="Annehmen").click()
    expect(last_file(anna.page)).to_contain_text("Angekommen")

    anna.page.locator("[data-part=hang-up]").click()
    expect(anna.page.locator("call-stage")).to_have_attribute("data-state", "ended")

    unsaved = paul.page.get_by_role("dialog", name="Nicht gespeicherte Dateien")
    with paul.page.expect_download() as waiting:
        unsaved.get_by_role("button", name="Speichern").click()
    assert waiting.value.suggested_filename == "Foto.png"
    unsaved.get_by_role("button", name="Schließen").click()
    expect(unsaved).to_be_hidden()
    for someone in (anna, paul):
        expect(someone.page.locator("[data-part=chat-list] li")).to_have_count(0)
        assert "vertraulich" not in someone.page.content()
        assert "Foto.png" not in someone.page.content()

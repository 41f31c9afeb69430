"""Around the waiting room: messages, cancelling, arrivals, and what goes wrong there."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e import people
from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server

PersonMaker = Callable[..., Person]


def say(page: Page, text: str) -> None:
    page.locator("visit-chat textarea:visible").fill(text)
    page.locator("visit-chat textarea:visible").press("Enter")


def line(page: Page, text: str) -> Locator:
    return page.locator(".messages__line").filter(has_text=text)


def waiting_pair(server: Server, person: PersonMaker) -> tuple[Person, Person, str]:
    """Anna at Paul's appointment, Paul in the waiting room, and the appointment's address."""
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")
    return anna, paul, f"/patients/{code}/"


def test_messages_go_both_ways_and_the_server_cannot_read_them(
    server: Server, person: PersonMaker
) -> None:
    frames: list[str] = []
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    for someone in (anna, paul):
        someone.page.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda frame: frames.append(str(frame))),
        )
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    anna.goto(f"/patients/{code}/")

    say(anna.page, "Ich komme in fünf Minuten.")
    expect(line(paul.page, "Ich komme in fünf Minuten.")).to_be_visible()
    expect(line(anna.page, "Ich komme in fünf Minuten.")).to_contain_text("zugestellt")
    say(paul.page, "Danke, <b>ich warte</b>.")
    expect(line(anna.page, "Danke, <b>ich warte</b>.")).to_be_visible()
    expect(line(paul.page, "Danke")).to_contain_text("zugestellt")

    assert any('"sealed"' in frame for frame in frames)
    assert not any("Minuten" in frame or "Danke" in frame for frame in frames)
    assert "Minuten" not in server.log.read_text()


def test_unread_messages_are_marked_silently_elsewhere(server: Server, person: PersonMaker) -> None:
    anna, paul, _address = waiting_pair(server, person)
    anna.goto("/")
    expect(anna.page.locator(".waiting")).to_be_visible()
    say(paul.page, "Ich bin da.")

    mark = anna.page.locator(".waiting .unread")
    expect(mark).to_have_text("1 neue Nachricht")
    expect(anna.page.locator("nav .unread")).to_be_visible()
    expect(anna.page.locator(".toast").filter(has_text="Ich bin da")).to_have_count(0)
    anna.page.locator(".waiting__name").click()
    expect(line(anna.page, "Ich bin da.")).to_be_visible()
    expect(anna.page.locator("nav .unread")).to_be_hidden()
    anna.page.locator("nav a[href='/']:visible").click()
    expect(anna.page.locator(".waiting")).to_be_visible()
    expect(mark).to_be_hidden()
    anna.page.go_back()
    expect(line(anna.page, "Ich bin da.")).to_be_visible()


def test_reloaded_and_absent_pages_are_named_and_nothing_is_lost_silently(
    server: Server, person: PersonMaker
) -> None:
    anna, paul, _address = waiting_pair(server, person)
    for someone in (anna, paul):
        someone.expects("ERR_|WebSocket|Failed to fetch")
    say(anna.page, "Erste Nachricht")
    expect(line(paul.page, "Erste Nachricht")).to_be_visible()

    paul.page.reload()
    expect(anna.page.locator(".messages__line--reopened")).to_contain_text("neu geöffnet")
    expect(line(paul.page, "Erste Nachricht")).to_have_count(0)

    anna.context.set_offline(True)
    anna.page.evaluate("() => dispatchEvent(new Event('offline'))")
    server.stop()
    expect(anna.page.locator("#offline")).to_be_visible()
    say(anna.page, "Zweite Nachricht")
    expect(line(anna.page, "Zweite Nachricht")).to_contain_text("noch nicht gesendet")
    server.start()
    anna.context.set_offline(False)
    expect(line(paul.page, "Zweite Nachricht")).to_be_visible(timeout=20_000)
    expect(line(anna.page, "Zweite Nachricht")).to_contain_text("zugestellt")

    state = anna.page.locator("visit-chat [data-part=state]")
    expect(state).not_to_contain_text("gerade nicht erreichbar", timeout=20_000)
    paul.context.set_offline(True)
    say(anna.page, "Dritte Nachricht")
    paul.page.close()
    expect(state).to_contain_text("gerade nicht erreichbar", timeout=20_000)
    expect(line(anna.page, "Dritte Nachricht")).to_contain_text("noch nicht gesendet")


def test_message_that_is_too_long_stays_and_is_explained(
    server: Server, person: PersonMaker
) -> None:
    _anna, paul, _address = waiting_pair(server, person)
    text = paul.page.locator("visit-chat textarea")

    text.fill("x" * 2010)
    paul.page.locator("visit-chat [type=submit]").click()

    expect(paul.page.locator("visit-chat [role=alert]")).to_contain_text("um 10 Zeichen zu lang")
    expect(text).to_have_value("x" * 2010)
    text.fill("kurz")
    expect(paul.page.locator("visit-chat [role=alert]")).to_be_hidden()


def test_guest_cancels_in_the_waiting_room_and_the_doctor_is_told(
    server: Server, person: PersonMaker
) -> None:
    account = people.professional(server)
    code, link = people.patient_link(server, account)
    anna, paul = person("Anna", server), person("Paul", server, phone=True)
    people.sign_in(anna, account)
    people.enter_waiting_room(paul, link)
    paul.expects("status of 410")

    paul.page.locator("waiting-room").get_by_role("link", name="Termin absagen").click()
    paul.page.get_by_role("button", name="Termin behalten").click()
    expect(paul.page.get_by_role("heading", name="Sie sind hier richtig")).to_be_visible()
    paul.page.locator("waiting-room").get_by_role("link", name="Termin absagen").click()
    paul.page.get_by_role("button", name="Termin absagen").click()

    expect(paul.page.get_by_role("heading", name="Ihr Termin ist abgesagt")).to_be_visible()
    toast = anna.page.locator(".toast").filter(has_text="Paul Patient hat den Termin abgesagt")
    expect(toast).to_be_visible()
    anna.goto(f"/patients/{code}/")
    expect(anna.page.locator("#presence")).to_contain_text("Vom Patienten abgesagt")
    paul.goto(link)
    expect(paul.page.get_by_role("heading", level=1)).to_have_text(
        "Sie haben diesen Termin abgesagt"
    )


def test_guest_cancels_on_the_greeting_page(server: Server, person: PersonMaker) -> None:
    account = people.professional(server)
    _code, link = people.patient_link(server, account)
    paul = person("Paul", server, phone=True)

    paul.goto(link).get_by_role("link", name="Termin absagen").click()
    paul.page.get_by_role("button", name="Termin absagen").click()

    expect(paul.page.get_by_role("heading", name="Ihr Termin ist abgesagt")).to_be_visible()

"""What closes a socket: sign-out, a new password, a dead link, a newer page, the timer."""

import asyncio
import contextlib
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from starlette.applications import Starlette

from healthcompanion.accounts.models import SignIn, User
from healthcompanion.appointments.actions import delete_appointment
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import events
from healthcompanion.guests.models import Guest
from healthcompanion.realtime import connection
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from tests.factories import AppointmentFactory
from tests.factories.organisations import PASSWORD
from tests.infrastructure.clients import signed_in
from tests.infrastructure.sockets import (
    Closed,
    Socket,
    guest_cookies,
    header_of,
    opened,
    user_cookies,
)

pytestmark = pytest.mark.django_db(transaction=True)
NEW_PASSWORD = "Lavendel-77-Treppe"


async def close_code(socket: Socket) -> int:
    """Read until the server closes; it has two seconds."""
    async with asyncio.timeout(2):
        while True:
            try:
                await socket.receive()
            except Closed as closed:
                return closed.code


async def is_open(socket: Socket) -> bool:
    await socket.send({"type": "ping", "seq": 0})
    return str((await socket.receive())["type"]) == "pong"


@pytest.fixture
def browser(professional: User) -> Client:
    return signed_in(professional)


@pytest.fixture
def other_browser(professional: User) -> Client:
    return signed_in(professional)


@pytest.fixture
def strangers_cookies(stranger: User) -> str:
    return user_cookies(stranger)


@pytest.fixture
def ticket(guest: Guest) -> str:
    return guest_cookies(guest)


async def test_sign_out_closes_this_sessions_sockets_and_no_others(
    app: Starlette, browser: Client, other_browser: Client, strangers_cookies: str
) -> None:
    mine, elsewhere = header_of(browser.cookies), header_of(other_browser.cookies)
    async with (
        opened(app, "/ws/", mine) as first,
        opened(app, "/ws/", mine) as second,
        opened(app, "/ws/", elsewhere) as other,
        opened(app, "/ws/", strangers_cookies) as stranger,
    ):
        for socket in (first, second, other, stranger):
            await socket.receive()
        began = time.monotonic()

        await in_database(browser.post, "/accounts/logout/")

        assert [await close_code(first), await close_code(second)] == [4401, 4401]
        assert time.monotonic() - began < 2
        assert [await is_open(other), await is_open(stranger)] == [True, True]


async def test_signed_out_session_cannot_open_a_socket_again(
    app: Starlette, browser: Client
) -> None:
    before = header_of(browser.cookies)
    await in_database(browser.post, "/accounts/logout/")

    async with opened(app, "/ws/", before) as socket:
        assert await close_code(socket) == 4401


async def test_new_password_ends_the_other_sessions_and_lets_this_one_come_back(
    app: Starlette, browser: Client, other_browser: Client
) -> None:
    mine, elsewhere = header_of(browser.cookies), header_of(other_browser.cookies)
    async with opened(app, "/ws/", mine) as first, opened(app, "/ws/", elsewhere) as other:
        await first.receive()
        await other.receive()

        await in_database(
            browser.post,
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        )

        assert [await close_code(first), await close_code(other)] == [1012, 4401]
    async with opened(app, "/ws/", elsewhere) as other:
        assert await close_code(other) == 4401
    async with opened(app, "/ws/", header_of(browser.cookies)) as first:
        assert (await first.receive())["type"] == "hello"


async def test_signing_out_from_afar_closes_that_browsers_sockets_and_no_others(
    app: Starlette, browser: Client, other_browser: Client
) -> None:
    here, there = header_of(browser.cookies), header_of(other_browser.cookies)
    key = other_browser.session.session_key
    sign_in = await in_database(SignIn.objects.get, session_key=key)
    async with opened(app, "/ws/", here) as mine, opened(app, "/ws/", there) as other:
        await mine.receive()
        await other.receive()
        began = time.monotonic()

        await in_database(browser.post, f"/settings/security/sign-ins/{sign_in.code}/end/")

        assert await close_code(other) == 4401
        assert time.monotonic() - began < 2
        assert await is_open(mine)
    async with opened(app, "/ws/", there) as again:
        assert await close_code(again) == 4401


async def test_session_is_gone_before_its_sockets_are_closed(
    app: Starlette, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other way round, a socket could be opened again in between."""
    key, order = str(browser.session.session_key), []

    def revoke(channel: str, *, close_code: int) -> None:
        alive = Session.objects.filter(session_key=key).exists()
        order.append((channel, "alive" if alive else "gone"))

    monkeypatch.setattr(events, "revoke", revoke)
    await in_database(browser.post, "/accounts/logout/")

    assert order == [(events.session_channel(key), "gone")]


async def test_socket_needs_the_second_factor_that_is_asked_for(
    app: Starlette, browser: Client, settings: Settings
) -> None:
    settings.HC_REQUIRE_SECOND_FACTOR = True
    async with opened(app, "/ws/", header_of(browser.cookies)) as socket:
        assert await close_code(socket) == 4401


async def test_deleting_the_appointment_closes_its_guests_socket(
    app: Starlette, appointment: Appointment, professional: User, ticket: str
) -> None:
    address = f"/ws/g/{appointment.patient.code}/"
    async with opened(app, address, ticket) as socket:
        await socket.receive()

        await in_database(delete_appointment, appointment, actor=professional)

        assert await close_code(socket) == 4410
    async with opened(app, address, ticket) as again:
        assert await close_code(again) == 4410


async def test_deleting_another_appointment_leaves_the_guest_alone(
    app: Starlette, guest: Guest, professional: User, ticket: str
) -> None:
    other = await in_database(AppointmentFactory, professional=professional)
    async with opened(app, f"/ws/g/{guest.code}/", ticket) as socket:
        await socket.receive()

        await in_database(delete_appointment, other, actor=professional)

        assert await is_open(socket)


async def test_newest_page_of_a_guest_wins(app: Starlette, guest: Guest, ticket: str) -> None:
    address = f"/ws/g/{guest.code}/"
    async with opened(app, address, ticket) as old:
        await old.receive()
        async with opened(app, address, ticket) as new:
            assert await close_code(old) == 4408
            await new.receive()
            assert await is_open(new)


async def test_older_page_of_a_guest_that_comes_back_does_not_take_the_newers_place(
    app: Starlette, guest: Guest, ticket: str
) -> None:
    address = f"/ws/g/{guest.code}/"
    async with opened(app, f"{address}?page=2000", ticket) as new:
        await new.receive()
        async with opened(app, f"{address}?page=1000", ticket) as old:
            assert await close_code(old) == 4408

        assert await is_open(new)
        async with opened(app, f"{address}?page=2000", ticket) as again:
            assert await close_code(new) == 4408  # the same page, whose former socket is dead
            await again.receive()
            assert await is_open(again)


@pytest.mark.parametrize("page", ["", "x", "-1", "9" * 15, "9" * 4000, "²"])
async def test_page_without_a_time_of_its_own_counts_as_made_now(
    app: Starlette, guest: Guest, ticket: str, page: str
) -> None:
    address = f"/ws/g/{guest.code}/"
    now = int(time.time() * 1000)
    async with opened(app, f"{address}?page={now - 1000}", ticket) as old:
        await old.receive()
        async with opened(app, f"{address}?page={page}", ticket) as new:
            assert await close_code(old) == 4408
            await new.receive()
            async with opened(app, f"{address}?page={now + 3_600_000}", ticket) as newest:
                assert await close_code(new) == 4408
                await newest.receive()
                async with opened(app, address, ticket) as last:
                    assert await close_code(newest) == 4408
                    await last.receive()


async def test_professional_may_have_any_number_of_pages(app: Starlette, browser: Client) -> None:
    cookies = header_of(browser.cookies)
    async with contextlib.AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(opened(app, "/ws/", cookies)) for _ in range(5)]
        for page in pages:
            await page.receive()

        assert [await is_open(page) for page in pages] == [True] * 5


async def test_timer_closes_what_no_news_told_of(
    app: Starlette, guest: Guest, ticket: str, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "RECHECK_SECONDS", 0.05)
    mine = header_of(browser.cookies)
    async with (
        opened(app, f"/ws/g/{guest.code}/", ticket) as waiting,
        opened(app, "/ws/", mine) as working,
    ):
        await waiting.receive()
        await asyncio.sleep(0.2)
        assert await is_open(waiting)

        await in_database(Guest.objects.filter(pk=guest.pk).update, link_expires_at=timezone.now())
        await in_database(User.objects.filter(pk=guest.host_id).update, is_active=False)

        assert await close_code(waiting) == 4410
        assert await close_code(working) == 4401


async def test_silent_page_counts_as_gone(
    app: Starlette, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SILENCE_SECONDS", 0.1)
    async with opened(app, "/ws/", header_of(browser.cookies)) as socket:
        assert await close_code(socket) == 1000


async def test_closed_pages_leave_nothing_behind_in_the_hub(
    app: Starlette, hub: Hub, browser: Client, guest: Guest, ticket: str
) -> None:
    async with (
        opened(app, "/ws/", header_of(browser.cookies)) as first,
        opened(app, f"/ws/g/{guest.code}/", ticket) as second,
    ):
        await first.receive()
        await second.receive()
        assert set(hub.listeners) == {
            f"user:{guest.host_id}",
            f"session:{browser.session.session_key}",
            f"guest:{guest.pk}",
        }

    assert dict(hub.listeners) == {}

"""The green dot: on with the guest's page, off some seconds after it went."""

import asyncio
from functools import partial

import pytest
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.appointments.handover import hand_over
from healthcompanion.appointments.models import Appointment
from healthcompanion.core import events
from healthcompanion.guests.models import Guest
from healthcompanion.guests.queries import is_online
from healthcompanion.organisations.models import Organisation
from healthcompanion.realtime import connection, sockets
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from tests.factories import VisitFactory
from tests.infrastructure.sockets import Frame, Socket, guest_cookies, opened, user_cookies

pytestmark = pytest.mark.django_db(transaction=True)
GRACE = 0.2


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "GRACE_SECONDS", GRACE)


@pytest.fixture
def hosts_cookies(professional: User) -> str:
    return user_cookies(professional)


@pytest.fixture
def strangers_cookies(stranger: User) -> str:
    return user_cookies(stranger)


@pytest.fixture
def ticket(guest: Guest) -> str:
    return guest_cookies(guest)


async def news(socket: Socket) -> Frame:
    frame = await socket.receive()
    del frame["seq"]
    return frame


async def test_host_and_nobody_else_hears_that_the_guest_came_and_went(
    app: Starlette, guest: Guest, ticket: str, hosts_cookies: str, strangers_cookies: str
) -> None:
    async with (
        opened(app, "/ws/", hosts_cookies) as host,
        opened(app, "/ws/", strangers_cookies) as stranger,
    ):
        await host.receive()
        await stranger.receive()

        async with opened(app, f"/ws/g/{guest.code}/", ticket) as page:
            await page.receive()
            came = await news(host)
        went = await news(host)

        assert came == {"type": "presence.changed", "guest": guest.code, "online": True}
        assert went == {"type": "presence.changed", "guest": guest.code, "online": False}
        assert await stranger.is_silent()


async def test_who_got_the_guest_by_handover_hears_that_it_went(
    app: Starlette,
    appointment: Appointment,
    ticket: str,
    hosts_cookies: str,
    professional: User,
    colleague: User,
    organisation: Organisation,
) -> None:
    guest = appointment.patient
    async with (
        opened(app, "/ws/", hosts_cookies) as host,
        opened(app, "/ws/", await in_database(user_cookies, colleague)) as successor,
    ):
        await host.receive()
        await successor.receive()
        async with opened(app, f"/ws/g/{guest.code}/", ticket) as page:
            await page.receive()
            await host.receive()
            await in_database(
                partial(hand_over, professional, organisation, to=colleague, actor=professional)
            )
            while not await successor.is_silent():
                pass  # what the handover itself says
            while not await host.is_silent():
                pass

        went = await news(successor)
        assert went == {"type": "presence.changed", "guest": guest.code, "online": False}
        assert await host.is_silent()


async def test_reload_is_no_absence(
    app: Starlette, guest: Guest, ticket: str, hosts_cookies: str
) -> None:
    address = f"/ws/g/{guest.code}/"
    async with opened(app, "/ws/", hosts_cookies) as host:
        await host.receive()
        async with opened(app, address, ticket):
            await host.receive()
        async with opened(app, address, ticket):
            await asyncio.sleep(GRACE * 1.5)

            assert await host.is_silent()


async def test_second_page_is_no_second_arrival(
    app: Starlette, guest: Guest, ticket: str, hosts_cookies: str
) -> None:
    address = f"/ws/g/{guest.code}/"
    async with opened(app, "/ws/", hosts_cookies) as host:
        await host.receive()
        async with opened(app, address, ticket):
            await host.receive()
            async with opened(app, address, ticket):
                await asyncio.sleep(GRACE * 1.5)

                assert await host.is_silent()


async def test_page_that_froze_for_its_silent_minute_is_told_of_as_well(
    app: Starlette,
    hub: Hub,
    guest: Guest,
    ticket: str,
    hosts_cookies: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened(app, "/ws/", hosts_cookies) as host:
        await host.receive()
        monkeypatch.setattr(connection, "SILENCE_SECONDS", 0.1)
        async with opened(app, f"/ws/g/{guest.code}/", ticket) as page:
            await page.receive()
            came = await news(host)
            hub.seen[f"guest:{guest.pk}"] -= 61  # the presence TTL is over before the grace
            hub.sweep()
            went = await news(host)

    assert [came["online"], went["online"]] == [True, False]


async def test_dot_needs_a_visit_in_the_house_and_a_living_page(
    app: Starlette, guest: Guest, ticket: str
) -> None:
    waiting = await in_database(VisitFactory, guest=guest)
    before = await in_database(is_online, guest, waiting)
    async with opened(app, f"/ws/g/{guest.code}/", ticket) as page:
        await page.receive()
        during = await in_database(is_online, guest, waiting)
        without_visit = await in_database(is_online, guest, None)
    await asyncio.sleep(GRACE * 1.5)
    after = await in_database(is_online, guest, waiting)

    assert (before, during, without_visit, after) == (False, True, False, False)


async def test_professionals_presence_is_kept_and_announced_to_nobody(
    app: Starlette, professional: User, hosts_cookies: str, strangers_cookies: str
) -> None:
    async with opened(app, "/ws/", strangers_cookies) as stranger:
        await stranger.receive()
        async with opened(app, "/ws/", hosts_cookies) as page:
            await page.receive()
            present = events.is_present(f"user:{professional.pk}")
        await asyncio.sleep(GRACE * 1.5)

        assert await stranger.is_silent()
    assert (present, events.is_present(f"user:{professional.pk}")) == (True, False)

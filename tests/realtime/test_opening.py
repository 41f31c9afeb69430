"""Who gets a socket, and with which close code everybody else is sent away."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.guests.models import Guest
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from tests.infrastructure.sockets import Closed, guest_cookies, opened, user_cookies

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cookies(professional: User) -> str:
    return user_cookies(professional)


@pytest.fixture
def ticket(guest: Guest) -> str:
    return guest_cookies(guest)


async def refusal(app: Starlette, path: str, cookies: str = "", origin: str | None = "") -> int:
    """The close code of a socket that is refused before its first frame."""
    async with opened(app, path, cookies, origin=origin) as socket:
        with pytest.raises(Closed) as closed:
            await socket.receive()
    return closed.value.code


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/other/", "/ws/g/", "/patients/", "/static/x"])
async def test_unknown_path_is_refused_and_never_an_exception(
    app: Starlette, cookies: str, path: str
) -> None:
    assert await refusal(app, path, cookies) == 4404


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://example.org", "http://localhost:8000.example.org", "http://localhost"],
)
async def test_foreign_origin_is_refused_even_with_a_session(
    app: Starlette, cookies: str, origin: str | None
) -> None:
    assert await refusal(app, "/ws/", cookies, origin) == 4403


async def test_foreign_origin_is_refused_even_with_a_ticket(
    app: Starlette, guest: Guest, ticket: str
) -> None:
    assert await refusal(app, f"/ws/g/{guest.code}/", ticket, "https://example.org") == 4403


@pytest.mark.parametrize(
    "header", ["", "hc_session=", "hc_session=guessed", "hc_session", "=;;=", 'x="', "\udcff=1"]
)
async def test_anonymous_visitor_is_sent_to_sign_in(app: Starlette, header: str) -> None:
    clean = header.encode("utf-8", "surrogateescape").decode("latin-1")

    assert await refusal(app, "/ws/", clean) == 4401


async def test_deactivated_person_is_sent_to_sign_in(
    app: Starlette, professional: User, cookies: str
) -> None:
    await in_database(User.objects.filter(pk=professional.pk).update, is_active=False)

    assert await refusal(app, "/ws/", cookies) == 4401


async def test_person_without_licence_is_sent_to_sign_in(
    app: Starlette, professional: User, cookies: str
) -> None:
    membership = professional.membership
    membership.is_licensed = False
    await in_database(membership.save)

    assert await refusal(app, "/ws/", cookies) == 4401


async def test_session_outlives_a_new_secret_key_while_the_old_one_is_given(
    app: Starlette, professional: User, settings: Settings
) -> None:
    old, new = settings.SECRET_KEY, "n" * 50
    cookies = await in_database(user_cookies, professional)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    async with opened(app, "/ws/", cookies) as socket:
        assert (await socket.receive())["type"] == "hello"

    settings.SECRET_KEY_FALLBACKS = []
    async with opened(app, "/ws/", cookies) as socket:
        with pytest.raises(Closed) as refusal:
            await socket.receive()
    assert refusal.value.code == 4401


async def test_hello_is_first_and_names_epoch_and_number(
    app: Starlette, hub: Hub, professional: User, cookies: str
) -> None:
    hub.publish([f"user:{professional.pk}"], {"type": "visit.changed"})

    async with opened(app, "/ws/", cookies) as socket:
        hello = await socket.receive()

    assert hello == {"type": "hello", "epoch": hub.epoch, "seq": 1}


async def test_cookie_that_json_was_put_into_does_not_hide_the_session(
    app: Starlette, cookies: str
) -> None:
    async with opened(app, "/ws/", f'consent={{"all":true}}; {cookies}') as socket:
        assert (await socket.receive())["type"] == "hello"


async def test_guest_opens_their_own_socket(app: Starlette, guest: Guest, ticket: str) -> None:
    async with opened(app, f"/ws/g/{guest.code}/", ticket) as socket:
        assert (await socket.receive())["type"] == "hello"


async def test_guest_cannot_open_the_socket_of_another_guest(
    app: Starlette, guest: Guest, other_guest: Guest, ticket: str
) -> None:
    forged = f"hc_guest_{other_guest.code}=" + ticket.split("=", 1)[1]

    assert await refusal(app, f"/ws/g/{other_guest.code}/", ticket) == 4404
    assert await refusal(app, f"/ws/g/{other_guest.code}/", forged) == 4404


async def test_signed_in_professional_has_no_business_at_a_guests_socket(
    app: Starlette, guest: Guest, cookies: str
) -> None:
    assert await refusal(app, f"/ws/g/{guest.code}/", cookies) == 4404


async def test_guests_code_alone_opens_nothing(app: Starlette, guest: Guest) -> None:
    assert await refusal(app, f"/ws/g/{guest.code}/") == 4404
    assert await refusal(app, "/ws/g/aaaaaaaaaaaa/") == 4404


@pytest.mark.parametrize(
    "change",
    [
        {"link_expires_at": timezone.now() - timedelta(seconds=1)},
        {"link_closed_at": timezone.now()},
        {"link_version": 2},
    ],
    ids=["expired", "closed", "replaced"],
)
async def test_ticket_of_a_dead_link_is_told_that_it_ended(
    app: Starlette, guest: Guest, ticket: str, change: dict[str, object]
) -> None:
    await in_database(Guest.objects.filter(pk=guest.pk).update, **change)

    assert await refusal(app, f"/ws/g/{guest.code}/", ticket) == 4410


async def test_forged_ticket_does_not_learn_that_a_link_ended(app: Starlette, guest: Guest) -> None:
    await in_database(Guest.objects.filter(pk=guest.pk).update, link_closed_at=timezone.now())

    assert await refusal(app, f"/ws/g/{guest.code}/", f"hc_guest_{guest.code}=forged") == 4404


async def test_origin_follows_the_configured_address(
    app: Starlette, cookies: str, settings: Settings
) -> None:
    settings.HC_ORIGINS = ["https://video.example.org"]

    async with opened(app, "/ws/", cookies, origin="https://video.example.org") as socket:
        assert (await socket.receive())["type"] == "hello"
    assert await refusal(app, "/ws/", cookies) == 4403


def test_our_own_pages_are_the_only_origin() -> None:
    assert settings.HC_ORIGINS == [settings.HC_BASE_URL]

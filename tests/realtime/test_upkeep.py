"""What has to happen by itself, and goes on happening."""

import asyncio
import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.utils import timezone
from starlette.applications import Starlette

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.core import events
from healthcompanion.guests import actions as guests
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.actions import queue_message, rescue_stuck_messages
from healthcompanion.notifications.models import Message
from healthcompanion.realtime import upkeep
from healthcompanion.realtime.application import build_application
from healthcompanion.realtime.database import in_database
from healthcompanion.realtime.hub import Hub
from healthcompanion.realtime.upkeep import Absences, Upkeep
from tests.factories import CallFactory, GuestFactory, VisitFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ringing_too_long(guest: Guest) -> Call:
    VisitFactory(guest=guest, state=Visit.State.CALLED)
    return CallFactory(guest=guest, rang_at=timezone.now() - timedelta(seconds=46))


@pytest.fixture
def running(guest: Guest) -> Call:
    VisitFactory(guest=guest, state=Visit.State.CONSULTATION)
    return CallFactory(guest=guest, state=Call.State.ACTIVE, accepted_at=timezone.now())


async def test_tick_ends_rings_that_nobody_answers(hub: Hub, ringing_too_long: Call) -> None:
    await Upkeep(hub).tick()

    await in_database(ringing_too_long.refresh_from_db)
    assert (ringing_too_long.state, ringing_too_long.outcome) == ("ended", "missed")


async def test_tick_reminds_of_appointments(hub: Hub, appointment: Appointment) -> None:
    def prepare() -> None:
        now = timezone.now()
        appointment.delivery = queue_message(
            "appointment.invitation", str(appointment.pk), organisation=None, sender=None
        )
        appointment.starts_at = now + timedelta(minutes=50)
        appointment.remind_at = now - timedelta(minutes=10)
        appointment.save()
        Message.objects.update(state="sent", created_at=now - timedelta(days=3))

    await in_database(prepare)

    await Upkeep(hub).tick()
    await Upkeep(hub).tick()

    kinds = await in_database(
        lambda: list(Message.objects.order_by("id").values_list("kind", flat=True))
    )
    assert kinds == ["appointment.invitation", "appointment.hour-reminder"]


async def test_tick_goes_on_after_trouble(
    hub: Hub,
    ringing_too_long: Call,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    troubles: list[Exception] = [OperationalError("gone"), RuntimeError("odd row")]
    real = rescue_stuck_messages

    def stumbling() -> int:
        if troubles:
            raise troubles.pop()
        return real()

    monkeypatch.setattr(upkeep, "rescue_stuck_messages", stumbling)
    monkeypatch.setattr(upkeep, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(upkeep, "SLOW_TICK_SECONDS", 0.0)
    with caplog.at_level(logging.ERROR):
        task = asyncio.create_task(Upkeep(hub).run())
        async with asyncio.timeout(10):
            while troubles:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        alive = not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert alive
    assert troubles == []
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


async def vanish(hub: Hub, channel: str) -> None:
    """As if the last page of `channel` had gone a while ago."""
    hub.forget(channel)
    hub.bus.leave(channel, lambda: None)
    async with asyncio.timeout(5):
        while await asyncio.to_thread(events.is_present, channel):
            await asyncio.sleep(0.01)


def later(absences: Absences, seconds: float) -> None:
    """As if so much more time had passed."""
    absences.since = {key: at - seconds for key, at in absences.since.items()}


async def test_guest_who_closed_the_page_has_left_after_half_an_hour(
    hub: Hub, guest: Guest
) -> None:
    visit = await in_database(waiting_visit, guest)
    work = Upkeep(hub)
    hub.touch(events.guest_channel(guest.pk))
    await in_database(work.close_abandoned_visits)
    assert work.visits.since == {}

    await vanish(hub, events.guest_channel(guest.pk))
    await in_database(work.close_abandoned_visits)
    later(work.visits, 1799)
    await in_database(work.close_abandoned_visits)
    await in_database(visit.refresh_from_db)
    early = visit.state
    later(work.visits, 1)
    await in_database(work.close_abandoned_visits)

    await in_database(visit.refresh_from_db)
    assert (early, visit.state) == ("waiting", "left")


def waiting_visit(guest: Guest) -> Visit:
    guests.confirm_name(guest, name="Paul Patient")
    return guests.enter_waiting_room(guest, camera=True, microphone=True)


async def test_call_that_everybody_left_ends_after_two_minutes(
    hub: Hub, running: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Upkeep(hub)
    await in_database(work.end_abandoned_calls)
    later(work.calls, 119)
    await in_database(work.end_abandoned_calls)
    await in_database(running.refresh_from_db)
    early = running.state
    later(work.calls, 1)

    await in_database(work.end_abandoned_calls)
    await in_database(work.end_abandoned_calls)

    await in_database(running.refresh_from_db)
    assert early == Call.State.ACTIVE
    assert (running.state, running.outcome) == ("ended", "completed")
    assert work.calls.since == {}


async def test_who_was_removed_keeps_no_abandoned_call_alive(
    hub: Hub, running: Call, guest: Guest
) -> None:
    def removed() -> Guest:
        person = GuestFactory(host=guest.host, companion_of=guest, role="relative")
        CallParticipant.objects.create(call=running, guest=person, left_at=timezone.now())
        return person

    work = Upkeep(hub)
    hub.touch(events.guest_channel((await in_database(removed)).pk))
    await in_database(work.end_abandoned_calls)
    later(work.calls, 120)

    await in_database(work.end_abandoned_calls)

    await in_database(running.refresh_from_db)
    assert running.state == Call.State.ENDED


async def test_lost_socket_alone_ends_no_call(hub: Hub, running: Call, guest: Guest) -> None:
    work = Upkeep(hub)
    await in_database(work.end_abandoned_calls)
    later(work.calls, 3600)
    hub.touch(events.guest_channel(guest.pk))

    await in_database(work.end_abandoned_calls)
    await vanish(hub, events.guest_channel(guest.pk))
    await in_database(work.end_abandoned_calls)

    await in_database(running.refresh_from_db)
    assert running.state == Call.State.ACTIVE


async def test_service_sends_mail_by_itself_from_start_to_stop(
    appointment: Appointment, mailoutbox: list[EmailMessage]
) -> None:
    """The lifespan of the real application: hub, sink, tick and job worker."""

    def order() -> Message:
        sender: User = appointment.professional
        return queue_message(
            "appointment.invitation",
            str(appointment.pk),
            organisation=appointment.organisation,
            sender=sender,
        )

    app = build_application()
    wire = ApplicationCommunicator(app, {"type": "lifespan", "state": {}})
    await wire.send_input({"type": "lifespan.startup"})
    assert await wire.receive_output(5) == {"type": "lifespan.startup.complete"}
    message = await in_database(order)
    until = time.monotonic() + 10
    while message.state != Message.State.SENT and time.monotonic() < until:
        await asyncio.sleep(0.1)
        await in_database(message.refresh_from_db)
    connected = events.is_present("user:0")
    await wire.send_input({"type": "lifespan.shutdown"})
    stopped = await wire.receive_output(10)
    await wire.wait(5)

    assert message.state == Message.State.SENT
    assert [mail.to for mail in mailoutbox] == [["paul@example.net"]]
    assert connected is False  # nobody is there, and asking was possible
    assert stopped == {"type": "lifespan.shutdown.complete"}
    assert events._sink is None


async def test_hashed_files_may_be_kept_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from healthcompanion.realtime.application import HashedFiles  # noqa: PLC0415 -- only here

    (tmp_path / "app.0123456789ab.css").write_text("body{}")
    (tmp_path / "plain.css").write_text("body{}")
    app = Starlette()
    app.mount("/static", HashedFiles(directory=tmp_path))

    found = await get(app, "/static/app.0123456789ab.css")
    plain = await get(app, "/static/plain.css")
    missing = await get(app, "/static/other.css")

    assert found["status"] == 200
    assert (b"cache-control", b"public, max-age=31536000, immutable") in found["headers"]
    assert plain["status"] == 200
    assert b"immutable" not in dict(plain["headers"]).get(b"cache-control", b"")
    assert missing["status"] == 404
    assert b"immutable" not in dict(missing["headers"]).get(b"cache-control", b"")


async def test_page_of_the_service_is_django(app: Starlette) -> None:
    answer = await get(app, "/healthz")

    assert (answer["status"], answer["body"]) == (200, b"ok\n")


async def get(app: Starlette, path: str) -> dict[str, Any]:
    """Start and body of the answer to a GET."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost:8000")],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 8000),
    }
    wire = ApplicationCommunicator(app, scope)
    await wire.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await wire.receive_output(5)
    body = b""
    while True:
        part = await wire.receive_output(5)
        body += part.get("body", b"")
        if not part.get("more_body"):
            await wire.wait(5)  # until it has closed its file
            return {**start, "body": body}

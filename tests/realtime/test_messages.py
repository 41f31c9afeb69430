"""One example of every frame, parsed by both ends: Python and TypeScript cannot drift apart."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls import actions as calls
from healthcompanion.calls.descriptions import Description
from healthcompanion.core import events
from healthcompanion.core.events import guest_channel, user_channel
from healthcompanion.guests.models import Guest
from healthcompanion.notifications import actions as notifications
from healthcompanion.realtime import frames
from tests.calls.beside import inside
from tests.calls.news import News
from tests.factories import VisitFactory

FILES = sorted((Path(__file__).parent / "messages").glob("*.json"))
EXAMPLES = {path.stem: json.loads(path.read_text()) for path in FILES}
FROM_PAGES = {name: row["frame"] for name, row in EXAMPLES.items() if row["direction"] == "client"}
FROM_SERVER = {name: row["frame"] for name, row in EXAMPLES.items() if row["direction"] == "server"}


@pytest.mark.parametrize("name", FROM_PAGES)
def test_servers_parser_takes_the_pages_frames(name: str) -> None:
    frame = frames.parse(json.dumps(FROM_PAGES[name]))

    again = json.loads(frames.encode(frame))
    assert {key: again[key] for key in FROM_PAGES[name]} == FROM_PAGES[name]


def test_every_kind_of_frame_has_an_example() -> None:
    known = {kind.__struct_config__.tag for kind in get_args(frames.ClientFrame)}

    assert {frame["type"] for frame in FROM_PAGES.values()} == known


@pytest.mark.parametrize("name", FROM_SERVER)
def test_pages_cannot_send_what_only_the_server_says(name: str) -> None:
    with pytest.raises(frames.BadFrame):
        frames.parse(json.dumps(FROM_SERVER[name]))


def shape(value: Any) -> Any:
    """The keys of an object, all the way down; of a list, those of its first row."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


@pytest.mark.django_db
def test_events_have_the_shape_of_their_examples(
    appointment: Appointment,
    guest: Guest,
    professional: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    news = News()
    news.present.add(guest_channel(guest.pk))
    events.connect(news)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            VisitFactory(guest=guest)
            call = calls.call_guest(
                guest, caller=professional, offer=Description(type="offer", sdp="v=0")
            )
            answer = Description(type="answer", sdp="v=0")
            calls.accept_call(call, guest=guest, answer=answer)
            inside(call, news)
            calls.end_call(call, actor=guest)
            message = notifications.queue_message(
                "appointment.invitation",
                str(appointment.pk),
                organisation=None,
                sender=professional,
            )
            notifications.deliver_message(message.pk)
    finally:
        events.connect(None)

    sent = news.to(guest_channel(guest.pk)) + news.to(user_channel(professional.pk))[-1:]
    shapes = {event["type"]: shape(event | {"seq": 1}) for event in sent}
    assert shapes == {kind: shape(FROM_SERVER[f"server-{kind}"]) for kind in shapes}
    assert set(shapes) == {
        "visit.changed",
        "call.ringing",
        "call.accepted",
        "call.changed",
        "call.ended",
        "delivery.changed",
    }

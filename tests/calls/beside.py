"""People beside the patient: at the door of a running call, and in it."""

from healthcompanion.calls import actions, people_actions
from healthcompanion.calls.models import Call
from healthcompanion.core import events
from healthcompanion.guests.models import Guest, Visit
from tests.calls.news import News
from tests.factories import VisitFactory


def accepted(call: Call) -> Call:
    """The ring is taken: doctor and patient talk."""
    assert call.guest is not None
    actions.accept_call(call, guest=call.guest, answer=None)
    return call


def invited(call: Call, first_name: str = "Rita", role: str = "relative") -> Guest:
    """Somebody whom the doctor has added; their link is in nobody's hands yet."""
    return people_actions.add_person(
        call,
        actor=call.initiator,
        role=role,
        first_name=first_name,
        last_name="Relative",
        email="",
        mobile="",
        language="de",
    )


def at_door(call: Call, news: News, first_name: str = "Rita", role: str = "relative") -> Guest:
    """Somebody who came by their link and waits to be let in."""
    guest = invited(call, first_name, role)
    VisitFactory(guest=guest, state=Visit.State.WAITING)
    news.present.add(events.guest_channel(guest.pk))
    return guest


def inside(call: Call, news: News, first_name: str = "Rita", role: str = "relative") -> Guest:
    """Somebody who was let in."""
    guest = at_door(call, news, first_name, role)
    people_actions.let_in(call, guest, actor=call.initiator)
    return guest


def names(call: Call) -> list[str]:
    """Who is in the call, by first name, in their order."""
    return [place.person.first_name for place in call.members.select_related("user", "guest")]


def state_of(guest: Guest) -> str:
    visit = guest.visits.latest("pk")
    return str(visit.state)

"""Who may come into a running call, who is at its door: `CallPeople` of docs/protocol.md."""

from typing import Any

from django.conf import settings
from django.http import Http404

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.queries import participant_for
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import companions_of, is_online, latest_visits
from healthcompanion.organisations.rules import sms_offer


def call_of_host(user: User, code: str) -> Call:
    """The call `code`, for the professional who holds it; Http404 for everybody else in it."""
    call = participant_for(user, code).call
    if call.initiator_id != user.pk or call.guest is None:
        raise Http404
    return call


def guest_beside(call: Call, code: str) -> Guest:
    """The guest `code` among those who may come into `call`: its patient and their companions."""
    guest = next((guest for guest in _expected(call) if guest.code == code), None)
    if guest is None:
        raise Http404
    return guest


def other_member(call: Call, code: str) -> CallParticipant:
    """The member `code` of `call`, who is not its host; Http404 for whoever is not in it."""
    member = call.members.filter(code=code, user=None).select_related("guest").first()
    if member is None:
        raise Http404
    return member


def most_persons(call: Call) -> int:
    """How many people the call may have, host included (DEC-26)."""
    return min(settings.HC_MAX_PERSONS, call.organisation.max_persons)


def call_people(call: Call) -> dict[str, Any]:
    """Who waits at the door and who was invited and has not come, for the call's host."""
    inside = set(call.members.values_list("guest_id", flat=True))
    missing = [guest for guest in _expected(call) if guest.pk not in inside]
    visits = latest_visits(missing)
    outside = [(guest, visits.get(guest.pk)) for guest in missing]
    door = [(guest, visit) for guest, visit in outside if is_at_door(guest, visit)]
    here = {guest.pk for guest, _visit in door}
    return {
        "most": most_persons(call),
        "free": max(0, most_persons(call) - len(inside)),
        "door": [
            {
                **_person(guest),
                "other_name": visit.other_name if visit else "",
                "since": visit.waiting_at if visit else None,
            }
            for guest, visit in door
        ],
        "invited": [
            {**_person(guest), "link": link_url(guest)}
            for guest, _visit in outside
            if guest.pk not in here and guest.companion_of_id is not None
        ],
        "sms": sms_offer(call.organisation) == "open",
    }


def is_at_door(guest: Guest, visit: Visit | None) -> bool:
    """Whether the guest waits with a living page."""
    return visit is not None and visit.state == Visit.State.WAITING and is_online(guest, visit)


def _expected(call: Call) -> list[Guest]:
    """The patient, who may have left in between, and everybody who was invited beside them."""
    assert call.guest is not None  # noqa: S101 -- call_of_host has looked
    return [call.guest, *companions_of(call.guest)]


def _person(guest: Guest) -> dict[str, str]:
    return {"guest": guest.code, "name": guest.full_name, "role": guest.role}

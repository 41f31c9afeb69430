"""What makes a call of two one of several: added, let in, sent away, removed, gone.

Each step holds the rows of the patient and of the call, so that of two who want the last place
one gets it.
"""

from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.actions import NotPossible, end_call, move_visit
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.calls.news import announce
from healthcompanion.calls.people import is_at_door, most_persons
from healthcompanion.core import audit
from healthcompanion.core.models import new_code
from healthcompanion.guests import actions as guests
from healthcompanion.guests import companions
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import companions_of, latest_visit
from healthcompanion.notifications.actions import queue_message
from healthcompanion.notifications.models import Message

INVITATION = "companion.invitation"
MOST_INVITED = 16
Channel = Message.Channel


class CallFull(Exception):
    """There are as many people in the call, or invited to it, as there may be (DEC-26)."""


class NotAtDoor(Exception):
    """The guest is not waiting, or their page is gone."""


@transaction.atomic
def add_person(
    call: Call,
    *,
    actor: User,
    role: str,
    first_name: str,
    last_name: str,
    email: str,
    mobile: str,
    language: str,
) -> Guest:
    """Invite a relative, an interpreter or a colleague to the running call; they wait at its door.

    The link goes to `email` and to `mobile` (E.164), where they are given. Raises NotPossible
    once the call is over, CallFull where too many links are open.
    """
    patient = _held(call)
    if companions_of(patient).count() >= MOST_INVITED:
        raise CallFull
    guest = companions.add_companion(
        patient,
        role=role,
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=mobile,
        language=language,
    )
    _record("person.invited", guest, call, actor)
    for channel, address in ((Channel.EMAIL, email), (Channel.SMS, mobile)):
        if address:
            queue_message(
                INVITATION,
                str(guest.pk),
                channel=channel,
                organisation=call.organisation,
                sender=actor,
            )
    return guest


@transaction.atomic
def let_in(call: Call, guest: Guest, *, actor: User) -> None:
    """ "Hereinlassen": who waits at the door is in the call from now on.

    Whoever was in it before comes back under a new participant code, so that nothing that was
    meant for their former connections reaches the new ones. Raises NotPossible once the call is
    over, NotAtDoor, or CallFull.
    """
    _held(call)
    if call.members.count() >= most_persons(call):
        raise CallFull
    visit = latest_visit(guest)
    if visit is None or not is_at_door(guest, visit) or call.members.filter(guest=guest).exists():
        raise NotAtDoor
    try:
        guests.move(visit, to=Visit.State.CALLED)
        guests.move(visit, to=Visit.State.CONSULTATION)
    except guests.NotPossible as error:
        raise NotAtDoor from error
    back = call.participants.filter(guest=guest).update(left_at=None, code=new_code(), mode="")
    if not back:
        CallParticipant.objects.create(call=call, guest=guest, joined_at=timezone.now())
        Call.objects.filter(pk=call.pk).update(persons=call.participants.count())
    _record("person.admitted", guest, call, actor)
    announce("call.changed", call)


@transaction.atomic
def turn_away(call: Call, guest: Guest, *, actor: User) -> None:
    """ "Abweisen": a companion's link is dead from now on; the patient keeps theirs and leaves.

    Raises NotPossible once the call is over, NotAtDoor where they are in the call.
    """
    _held(call)
    if call.members.filter(guest=guest).exists():
        raise NotAtDoor
    _record("person.refused", guest, call, actor)
    if guest.companion_of_id is not None:
        guests.close_link(guest, actor=actor)
    else:
        move_visit(guest, Visit.State.LEFT)


@transaction.atomic
def remove(call: Call, member: CallParticipant, *, actor: User) -> None:
    """ "Aus dem Gespräch entfernen". They may knock again. Raises NotPossible where too late."""
    _held(call)
    assert member.guest is not None  # noqa: S101 -- people.other_member gives guests only
    _take_out(call, member.guest, "person.removed", actor)


@transaction.atomic
def hang_up(call: Call, guest: Guest) -> None:
    """A guest hangs up: with two others left they go on, else the call is over for both.

    Who has left already, or was removed, ends nothing.
    """
    _lock(call)
    if not call.members.filter(guest=guest).exists():
        return
    if call.state == Call.State.ACTIVE and call.members.count() > 2:
        _take_out(call, guest, "person.left", guest)
    else:
        end_call(call, actor=guest)


def _take_out(call: Call, guest: Guest, action: str, actor: User | Guest) -> None:
    """Out of the call, and with them their seat; where one alone would stay it is over."""
    if not call.members.filter(guest=guest).exists():
        raise NotPossible
    _record(action, guest, call, actor)
    if call.members.count() <= 2:
        end_call(call, actor=actor)
        return
    call.members.filter(guest=guest).update(left_at=timezone.now())
    move_visit(guest, Visit.State.ENDED)
    gone = call.participants.filter(guest=guest).select_related("guest")
    announce("call.ended", call, to=gone)
    announce("call.changed", call)


def _held(call: Call) -> Guest:
    """The patient of the running call, whose row is locked. Raises NotPossible once it is over."""
    _lock(call)
    if call.state != Call.State.ACTIVE or call.guest is None:
        raise NotPossible
    return call.guest


def _lock(call: Call) -> None:
    """First the patient's row, then the call's: the order in which calls begin and end."""
    if call.guest_id is not None:
        guests.hold_door(call.guest_id)
    Call.objects.select_for_update().get(pk=call.pk)
    call.refresh_from_db()


def _record(action: str, guest: Guest, call: Call, actor: User | Guest) -> None:
    audit.record(
        f"call.{action}", guest, actor=actor, organisation_id=call.organisation_id, call=call.pk
    )

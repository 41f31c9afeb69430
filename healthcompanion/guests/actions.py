"""What happens to guests: invited, link replaced or closed, arriving, waiting, leaving."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core import audit, events
from healthcompanion.core.close_codes import LINK_ENDED
from healthcompanion.core.keys import link_key_id
from healthcompanion.guests import news
from healthcompanion.guests.audience import host_channels
from healthcompanion.guests.models import DeviceCheck, Guest, Visit
from healthcompanion.guests.queries import LinkGone, is_door_open
from healthcompanion.organisations.models import Organisation

State = Visit.State
ALLOWED: dict[str, set[str]] = {
    State.ANNOUNCED: {State.CHECKED, State.LEFT, State.ENDED},
    State.CHECKED: {State.WAITING, State.LEFT, State.ENDED},
    State.WAITING: {State.CALLED, State.LEFT, State.ENDED},
    State.CALLED: {State.CONSULTATION, State.WAITING, State.LEFT, State.ENDED},
    State.CONSULTATION: {State.ENDED},
    State.ENDED: set(),
    State.LEFT: set(),
}
TIMES = {
    State.CHECKED: "checked_at",
    State.WAITING: "waiting_at",
    State.CALLED: "called_at",
    State.CONSULTATION: "consultation_at",
    State.ENDED: "ended_at",
    State.LEFT: "ended_at",
}


class NotPossible(Exception):
    """The visit is in a state from which this step does not exist."""


class DoorClosed(NotPossible):
    """The conversation beside whose patient the guest would take part is not running."""


class NameMissing(NotPossible):
    """Nobody waits without having confirmed their name (DEC-14)."""


def add_guest(
    organisation: Organisation,
    host: User,
    *,
    first_name: str,
    last_name: str,
    email: str,
    phone: str = "",
    language: str,
    scheduled_at: datetime,
) -> Guest:
    """A new guest of `host`; the link works until `HC_LINK_DAYS` after `scheduled_at` (INV-4)."""
    return Guest.objects.create(
        organisation=organisation,
        host=host,
        first_name=first_name,
        last_name=last_name,
        email=email.lower(),
        phone=phone,
        language=language,
        scheduled_at=scheduled_at,
        link_expires_at=scheduled_at + timedelta(days=settings.HC_LINK_DAYS),
    )


@transaction.atomic
def change_guest(
    guest: Guest,
    *,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    language: str,
    scheduled_at: datetime,
) -> None:
    """Who the guest is and when they come; the link's end follows the new time (INV-4)."""
    guest.first_name, guest.last_name = first_name, last_name
    guest.email, guest.phone, guest.language = email.lower(), phone, language
    guest.scheduled_at = scheduled_at
    guest.link_expires_at = scheduled_at + timedelta(days=settings.HC_LINK_DAYS)
    guest.save(
        update_fields=[
            "first_name",
            "last_name",
            "email",
            "phone",
            "language",
            "scheduled_at",
            "link_expires_at",
        ]
    )
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is not None:
        _announce(visit)


@transaction.atomic
def replace_link(guest: Guest, *, actor: User) -> None:
    """The guest's link is dead from now on, and a new one takes its place (DEC-12, DEC-13)."""
    guest.link_version += 1
    guest.link_key = link_key_id()
    guest.save(update_fields=["link_version", "link_key"])
    _show_out(guest)
    audit.record("link.replaced", guest, actor=actor, organisation_id=guest.organisation_id)


@transaction.atomic
def hand_over(guest: Guest, *, to: User) -> None:
    """`to` is the host of the guest and of everybody at their side from now on; the link stays."""
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is not None:
        _announce(visit)  # to whom it was
    guest.host = to
    guest.save(update_fields=["host"])
    guest.companions.update(host=to)
    if visit is not None:
        _announce(visit)


@transaction.atomic
def close_link(guest: Guest, *, actor: User) -> None:
    """The link is dead from now on, and so is everything that came in through it (INV-3)."""
    guest.link_closed_at = timezone.now()
    guest.save(update_fields=["link_closed_at"])
    _show_out(guest)
    audit.record("link.closed", guest, actor=actor, organisation_id=guest.organisation_id)


@transaction.atomic
def cancel(guest: Guest) -> None:
    """The guest says that they will not come: their link closes, and their host is told."""
    guest.cancelled_at = guest.link_closed_at = timezone.now()
    guest.save(update_fields=["cancelled_at", "link_closed_at"])
    _show_out(guest)
    news.tell_cancellation(guest)


def _show_out(guest: Guest) -> None:
    """End what came in through a link that no longer works."""
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is not None:
        move(visit, to=State.ENDED)
    events.revoke(events.guest_channel(guest.pk), close_code=LINK_ENDED)


@transaction.atomic
def announce_visit(guest: Guest) -> Visit:
    """The guest pressed "Teilnehmen": their open visit, or a new one.

    Raises LinkGone where the link was closed in this very moment, DoorClosed where a companion
    would wait for nobody.
    """
    if guest.companion_of_id is not None:
        hold_door(guest.companion_of_id)
        if not is_door_open(guest):
            raise DoorClosed
    # Before there is a visit only the guest's row can be locked against a second press.
    held = Guest.objects.select_for_update().get(pk=guest.pk)
    if not held.has_open_link:
        raise LinkGone(guest)
    guest.host_id = held.host_id  # who hears of it, after a handover in this very moment
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is None:
        visit = Visit.objects.create(guest=guest)
        audit.record("visit.announced", guest, actor=guest, organisation_id=guest.organisation_id)
        _announce(visit)
    return visit


def hold_door(patient: int) -> None:
    """Until the transaction ends nobody comes to the door beside the guest with this key, and
    nobody closes it."""
    Guest.objects.select_for_update().get(pk=patient)


@transaction.atomic
def confirm_name(guest: Guest, *, name: str) -> Visit:
    """The guest says who they really are; needed before they wait (A4, DEC-14).

    Raises DoorClosed as `announce_visit` does.
    """
    visit = announce_visit(guest)
    visit.confirmed_name = name
    visit.save(update_fields=["confirmed_name"])
    return visit


@transaction.atomic
def enter_waiting_room(guest: Guest, *, camera: bool, microphone: bool) -> Visit:
    """The guest is ready. After an ended visit this opens a new one under the same name.

    Raises NameMissing where no name was confirmed yet, DoorClosed as `announce_visit` does.
    Waiting already is not an error.
    """
    last = guest.visits.order_by("-id").first()
    visit = announce_visit(guest)
    if last is not None and not last.is_open:
        visit.confirmed_name = last.confirmed_name
    if not visit.confirmed_name:
        raise NameMissing
    visit.has_camera, visit.has_microphone = camera, microphone
    visit.save(update_fields=["confirmed_name", "has_camera", "has_microphone"])
    if visit.state == State.ANNOUNCED:
        move(visit, to=State.CHECKED)
    if visit.state == State.CHECKED:
        move(visit, to=State.WAITING)
        news.tell_arrival(guest)
        audit.record("visit.waiting", guest, actor=guest, organisation_id=guest.organisation_id)
    return visit


@transaction.atomic
def choose_language(guest: Guest, language: str) -> None:
    """The guest wants to be spoken to, and written to, in this language from now on."""
    if language == guest.language:
        return
    guest.language = language
    guest.save(update_fields=["language"])
    audit.record(
        "guest.language", guest, actor=guest, organisation_id=guest.organisation_id, to=language
    )


@transaction.atomic
def record_check(
    guest: Guest,
    *,
    camera: bool | None,
    microphone: bool | None,
    speaker: bool | None,
    path: str,
    is_slow: bool | None,
) -> DeviceCheck:
    """Keep what the guest's check of their device found, in place of an earlier one."""
    found = {
        "camera": camera,
        "microphone": microphone,
        "speaker": speaker,
        "path": path,
        "is_slow": is_slow,
    }
    check, _ = DeviceCheck.objects.update_or_create(
        guest=guest, defaults={**found, "checked_at": timezone.now()}
    )
    audit.record(
        "check.made", guest, actor=guest, organisation_id=guest.organisation_id, light=check.light
    )
    events.publish(host_channels(guest), {"type": "check.changed", "guest": guest.code})
    return check


@transaction.atomic
def leave(guest: Guest) -> Visit | None:
    """The guest goes. Raises NotPossible in mid-consultation: that is hung up, not left."""
    visit = guest.visits.exclude(state__in=Visit.OVER).first()
    if visit is None:
        return guest.visits.order_by("-id").first()
    move(visit, to=State.LEFT)
    audit.record("visit.left", guest, actor=guest, organisation_id=guest.organisation_id)
    return visit


@transaction.atomic
def abandon(visit: Visit) -> None:
    """The guest has gone without saying so. Raises NotPossible where the visit went on."""
    move(visit, to=State.LEFT)
    audit.record("visit.left", visit.guest, actor=None, organisation_id=visit.guest.organisation_id)


@transaction.atomic
def move(visit: Visit, *, to: str) -> None:
    """The one way in which a visit changes its state; a conditional update, so one wins.

    Raises NotPossible for steps that the state machine does not have, or that came too late.
    """
    if to not in ALLOWED[visit.state]:
        raise NotPossible(f"{visit.state} -> {to}")
    changes: dict[str, object] = {"state": to}
    # Back from a call that came to nothing, they have been waiting since they first came.
    if not (visit.state == State.CALLED and to == State.WAITING):
        changes[TIMES[State(to)]] = timezone.now()
    if not Visit.objects.filter(pk=visit.pk, state=visit.state).update(**changes):
        raise NotPossible("changed meanwhile")
    for name, value in changes.items():
        setattr(visit, name, value)
    _announce(visit)


def _announce(visit: Visit) -> None:
    guest = visit.guest
    events.publish(
        [*host_channels(guest), events.guest_channel(guest.pk)],
        {"type": "visit.changed", "guest": guest.code, "state": visit.state},
    )

"""Telling patients of their appointment, by every way that was chosen for it."""

from collections.abc import Iterable

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import (
    CANCELLATION,
    CHANGE,
    HANDOVER,
    INVITATION,
    Appointment,
)
from healthcompanion.appointments.signals import patient_invited
from healthcompanion.core import audit
from healthcompanion.notifications import actions as notifications
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.queries import has_gone_out, is_first
from healthcompanion.organisations.rules import sms_offer

Channel = Message.Channel
FIELDS = {Channel.EMAIL: "delivery", Channel.SMS: "sms_delivery"}
QUEUED = {
    INVITATION: "invitation.queued",
    CHANGE: "change.queued",
    HANDOVER: "handover.queued",
}


def open_ways(appointment: Appointment) -> list[Message.Channel]:
    """By which ways the patient can be written to now: the tariff or the gateway may have gone."""
    has_sms = sms_offer(appointment.organisation) == "open"
    return [way for way in appointment.ways if way != Channel.SMS or has_sms]


def has_invitation_in_hand(appointment: Appointment, way: Message.Channel) -> bool:
    """Whether any invitation may have arrived by `way`, though a later one failed."""
    return has_gone_out(INVITATION, str(appointment.pk), way)


def waits(last: Message | None) -> bool:
    """Whether a message is put into words later still, and so says things as they are then."""
    return last is not None and last.state == Message.State.QUEUED


def is_on_its_way(last: Message | None) -> bool:
    """Whether a message waits, or is just being handed over."""
    return last is not None and last.state in (Message.State.QUEUED, Message.State.SENDING)


def tell(kind: str, appointment: Appointment, actor: User | None, way: Message.Channel) -> None:
    """Queue a message with the link, and remember it as the appointment's delivery by `way`."""
    message = _queue(kind, appointment, actor, way)
    _remember(appointment, way, message)
    if kind == INVITATION and is_first(message):
        patient_invited.send(Appointment, appointment=appointment, message=message)
    audit.record(
        QUEUED[kind],
        appointment.patient,
        actor=actor,
        organisation_id=appointment.organisation_id,
        channel=way.value,
    )


def forget(appointment: Appointment, way: Message.Channel) -> None:
    """Nothing in the patient's hands came by `way` any more."""
    _remember(appointment, way, None)


def tell_change(
    appointment: Appointment,
    actor: User,
    *,
    new_contacts: Iterable[Message.Channel],
    new_link: bool,
    new_time: bool,
) -> str:
    """Each way gets what it lacks after a change; the weightiest kind of message, or ""."""
    kinds = []
    for way in Channel:
        if way in new_contacts:
            kinds.append(_tell_new_contact(appointment, actor, way))
        elif new_link or new_time:
            kinds.append(_tell_news(appointment, actor, way, new_link=new_link))
    return next((kind for kind in (INVITATION, CHANGE) if kind in kinds), "")


def tell_handover(appointment: Appointment, actor: User) -> None:
    """Who knows of the appointment hears with whom it is from now on; the link stays."""
    for way in open_ways(appointment):
        last = appointment.delivery_by(way)
        if last is None or waits(last):  # what waits is put into words with the new name
            continue
        known = has_invitation_in_hand(appointment, way)
        tell(HANDOVER if known else INVITATION, appointment, actor, way)


def tell_cancellation(appointment: Appointment, actor: User | None) -> None:
    """By every way by which an invitation may have arrived."""
    for way in Channel:
        if has_invitation_in_hand(appointment, way):
            _queue(CANCELLATION, appointment, actor, way)


def queue_reminder(kind: str, appointment: Appointment, way: Message.Channel) -> None:
    """A reminder is nobody's message: the appointment's delivery stays the invitation's."""
    _queue(kind, appointment, None, way)
    audit.record(
        "reminder.queued",
        appointment.patient,
        actor=None,
        organisation_id=appointment.organisation_id,
        channel=way.value,
    )


def _tell_new_contact(appointment: Appointment, actor: User, way: Message.Channel) -> str:
    """The invitation to the new address or number, where there is one."""
    last = appointment.delivery_by(way)
    if waits(last) and last is not None:
        notifications.withdraw_message(last)  # it would go to the new one as well
    if way not in appointment.ways or appointment.is_past:
        forget(appointment, way)
        return ""
    tell(INVITATION, appointment, actor, way)
    return INVITATION


def _tell_news(
    appointment: Appointment, actor: User, way: Message.Channel, *, new_link: bool
) -> str:
    """The new link or the new time, for whoever was invited by `way`."""
    last = appointment.delivery_by(way)
    if last is not None and new_link and (way not in appointment.ways or appointment.is_past):
        forget(appointment, way)  # what was delivered opens nothing any more
        return ""
    if last is None or way not in appointment.ways or appointment.is_past:
        return ""
    if waits(last):
        return last.kind
    # An invitation that failed may have been the one that brought a new link.
    has_failed = last.kind == INVITATION and last.state == Message.State.FAILED
    known = not new_link and not has_failed and has_invitation_in_hand(appointment, way)
    kind = CHANGE if known else INVITATION
    tell(kind, appointment, actor, way)
    return kind


def _queue(
    kind: str, appointment: Appointment, actor: User | None, way: Message.Channel
) -> Message:
    return notifications.queue_message(
        kind, str(appointment.pk), channel=way, organisation=appointment.organisation, sender=actor
    )


def _remember(appointment: Appointment, way: Message.Channel, message: Message | None) -> None:
    setattr(appointment, FIELDS[way], message)
    appointment.save(update_fields=[FIELDS[way]])

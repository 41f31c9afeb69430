"""Who may do what as a member of an organisation."""

from typing import Literal

from django.conf import settings

from healthcompanion.accounts.models import User
from healthcompanion.accounts.rules import has_second_factor
from healthcompanion.organisations.busy import is_in_call
from healthcompanion.organisations.models import Membership, Organisation

SmsOffer = Literal["open", "tariff", "absent"]


def can_work(membership: Membership | None) -> bool:
    """May use the service: an active licence (DEC-5, DEC-9) in an organisation that is not
    suspended. A consultation that runs already may come to its end."""
    if membership is None or not membership.is_licensed:
        return False
    return membership.organisation.suspended_at is None or is_in_call(membership.user)


def can_administer(membership: Membership | None) -> bool:
    """May manage the organisation: its administrators, while they have a licence (ADM-1)."""
    return membership is not None and membership.is_administrator and can_work(membership)


def can_consult(membership: Membership | None) -> bool:
    """May hold a consultation: assistants cannot (DEC-7)."""
    return (
        membership is not None
        and can_work(membership)
        and membership.role == Membership.Role.PROFESSIONAL
    )


def is_assistant(membership: Membership | None) -> bool:
    """Schedules for others and holds no consultation (DEC-7)."""
    return membership is not None and membership.role == Membership.Role.ASSISTANT


def sms_offer(organisation: Organisation) -> SmsOffer:
    """Whether the practice may send SMS: not without a gateway, nor outside its tariff (BIL-4)."""
    if not (settings.HC_SMS_URL or settings.HC_SMS_OUTBOX):
        return "absent"
    return "open" if organisation.has_sms else "tariff"


def needs_second_factor(user: User, membership: Membership | None) -> bool:
    """Has none yet although the operator or the organisation asks for one (B7, DEC-1).

    The operator's staff always need one (DEC-36). Nobody is led out of a running consultation.
    """
    asked = (
        settings.HC_REQUIRE_SECOND_FACTOR
        or user.is_staff
        or (membership is not None and membership.organisation.requires_second_factor)
    )
    return asked and not has_second_factor(user) and not is_in_call(user)

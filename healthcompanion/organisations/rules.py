"""Who may do what as a member of an organisation."""

from healthcompanion.organisations.models import Membership


def can_work(membership: Membership | None) -> bool:
    """May use the service: an active licence (DEC-5, DEC-9)."""
    return membership is not None and membership.is_licensed


def can_consult(membership: Membership | None) -> bool:
    """May hold a consultation: assistants cannot (DEC-7)."""
    return (
        membership is not None
        and membership.is_licensed
        and membership.role == Membership.Role.PROFESSIONAL
    )

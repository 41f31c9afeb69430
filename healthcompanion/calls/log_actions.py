"""What happens to logs: they are taken along."""

from healthcompanion.calls.call_log import Choice
from healthcompanion.core import audit
from healthcompanion.organisations.models import Membership


def record_export(
    membership: Membership, choice: Choice, *, scope: str, people: list[int] | None = None
) -> None:
    """Write down that a member exported their own log, or ("organisation") that of all.

    `people` are the members whose calls were asked for alone.
    """
    audit.record(
        "log.exported",
        membership,
        actor=membership.user,
        organisation_id=membership.organisation_id,
        scope=scope,
        begin=choice.begin.isoformat() if choice.begin else "",
        end=choice.end.isoformat() if choice.end else "",
        kind=choice.kind,
        direction=choice.direction,
        people=people,
    )

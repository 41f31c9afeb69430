"""The audit trail's one verb."""

from typing import Any

from django.db.models import Model

from healthcompanion.core.models import AuditEntry


def reference(row: Model) -> str:
    """How the trail names a row: `appointment:12`."""
    return f"{row._meta.model_name}:{row.pk}"


def record(
    action: str, subject: Model, *, actor: Model | None, organisation_id: int | None, **data: Any
) -> None:
    """Write down that `actor` (None: the system itself) did `action` to `subject`.

    `data` holds ids and plain values; names and addresses do not belong here.
    """
    AuditEntry.objects.create(
        action=action,
        subject=reference(subject),
        actor=reference(actor) if actor else "system",
        organisation_id=organisation_id,
        data=data,
    )

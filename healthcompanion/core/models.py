"""The base of every row, public codes, and the audit trail."""

import secrets
from typing import Any

from django.db import models

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
CODE_LENGTH = 12


def new_code() -> str:
    """Random base32 characters (60 bits): how the outside world names a row."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


class BaseModel(models.Model):
    """A row that knows when it was made."""

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class CodedModel(BaseModel):
    """A row that the outside world may name, by its code and never by its key."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)

    class Meta:
        abstract = True


class AppendOnlyModel(BaseModel):
    """A row that is written once: corrected by a counter-record, never changed or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is append-only")


class AuditEntry(AppendOnlyModel):
    """Who did what to which row. References only: no names, no addresses, no content."""

    organisation_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class WorkerBeat(models.Model):
    """The last sign of life of a job worker. Whose beat stops is dead, and its jobs orphans."""

    worker_id = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id

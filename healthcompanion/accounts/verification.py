"""Whether the operator has checked that somebody may practise (DEC-11, A13)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts.models import User, Verification
from healthcompanion.accounts.signals import proof_decided, proof_submitted
from healthcompanion.core import audit, sealing

PURPOSE = "professional-proof"
State = Verification.State


class AlreadyVerified(Exception):
    """There is nothing to be looked at any more."""


def verification_of(user: User) -> Verification | None:
    """What is known; None where nothing was submitted and nothing decided. Without the document."""
    return Verification.objects.defer("document").filter(user=user).first()


def is_verified(user: User) -> bool:
    """The operator has looked at the proof and found it right."""
    return Verification.objects.filter(user=user, state=State.VERIFIED).exists()


def may_treat(user: User) -> bool:
    """Whether `user` may invite and call patients, as far as this check goes."""
    return not settings.HC_REQUIRE_VERIFIED_PROFESSIONALS or is_verified(user)


@transaction.atomic
def submit_proof(user: User, data: bytes, media_type: str) -> Verification:
    """Keep the document, sealed, for the operator to look at; it replaces a former one.

    Raises AlreadyVerified.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one at a time
    row = Verification.objects.filter(user=user).first() or Verification(user=user)
    if row.state == State.VERIFIED:
        raise AlreadyVerified
    row.state, row.answer, row.decided_at = State.OPEN, "", None
    row.submitted_at = timezone.now()
    row.document, row.media_type = sealing.seal_bytes(data, purpose=PURPOSE), media_type
    row.save()
    audit.record("proof.submitted", row, actor=user, organisation_id=None)
    proof_submitted.send(Verification, verification=row)
    return row


def open_proof(verification: Verification) -> bytes:
    """The document as it was uploaded; b"" once it is deleted. Raises NotSealed."""
    row = Verification.objects.get(pk=verification.pk)
    return sealing.unseal_bytes(bytes(row.document), purpose=PURPOSE) if row.document else b""


@transaction.atomic
def verify(user: User, *, actor: User | None) -> bool:
    """The professional may treat patients; False where that was so already.

    `actor` is None for the command line, where no document is needed.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = Verification.objects.filter(user=user).first() or Verification(user=user)
    if row.state == State.VERIFIED:
        return False
    _decide(row, State.VERIFIED, "", actor)
    return True


@transaction.atomic
def reject(user: User, *, actor: User | None, answer: str) -> bool:
    """The professional reads `answer` and may submit another document; False without one open."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = Verification.objects.filter(user=user, state=State.OPEN).first()
    if row is None:
        return False
    _decide(row, State.REJECTED, answer, actor)
    return True


@transaction.atomic
def revoke(user: User, *, actor: User | None, answer: str) -> bool:
    """A check is taken back, for example with a licence to practise; False where there was none."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = Verification.objects.filter(user=user, state=State.VERIFIED).first()
    if row is None:
        return False
    _decide(row, State.REJECTED, answer, actor)
    return True


def forget_documents(decided_before: datetime) -> int:
    """Delete the documents that were decided upon before then; how many there were."""
    rows = Verification.objects.filter(decided_at__lt=decided_before, document__isnull=False)
    return rows.exclude(state=State.OPEN).update(document=None, media_type="")


def reseal_documents() -> tuple[int, int]:
    """Bring documents under the newest master key: how many were, how many cannot be opened."""
    done = lost = 0
    for key in Verification.objects.filter(document__isnull=False).values_list("pk", flat=True):
        with transaction.atomic():
            row = Verification.objects.select_for_update().filter(pk=key).first()
            if row is None or row.document is None or sealing.is_current(bytes(row.document)):
                continue
            try:
                data = sealing.unseal_bytes(bytes(row.document), purpose=PURPOSE)
            except sealing.NotSealed:
                lost += 1
                continue
            row.document = sealing.seal_bytes(data, purpose=PURPOSE)
            row.save(update_fields=["document"])
            done += 1
    return done, lost


def _decide(row: Verification, state: str, answer: str, actor: User | None) -> None:
    row.state, row.answer, row.decided_at = state, answer, timezone.now()
    row.save()
    action = "proof.verified" if state == State.VERIFIED else "proof.rejected"
    audit.record(action, row, actor=actor, organisation_id=None)
    proof_decided.send(Verification, verification=row)

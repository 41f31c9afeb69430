"""Inviting somebody by mail to become a member (DEC-5): a link that stands for ID and role."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core import audit
from healthcompanion.organisations.actions import join
from healthcompanion.organisations.models import MemberInvitation, Membership, Organisation
from healthcompanion.organisations.queries import members_of, open_invitations

DAYS = 14
A_DAY = 200  # what an organisation sends at most
_signer = Signer(salt="organisations.invitation", sep=".")


class AlreadyMember(Exception):
    """The address belongs to a member of this very organisation."""


class StillClosing(Exception):
    """The address belongs to a former member whose account is emptied within a day."""


class TooMany(Exception):
    """So many invitations went out within a day that somebody else may be sending them."""


class InvitationGone(Exception):
    """The invitation was accepted, withdrawn or has expired, or its organisation is suspended."""


def _unheard(invitation: MemberInvitation) -> None:
    raise RuntimeError("Nobody sends invitations: the room of notifications did not connect.")


_send: Callable[[MemberInvitation], None] = _unheard


def connect(send: Callable[[MemberInvitation], None]) -> None:
    """Set who sends the mail. The room of notifications does so when it starts."""
    global _send
    _send = send


@transaction.atomic
def invite_member(
    organisation: Organisation,
    *,
    by: User,
    email: str,
    first_name: str = "",
    last_name: str = "",
    role: str = Membership.Role.PROFESSIONAL,
) -> MemberInvitation:
    """Send an invitation that works for 14 days; it takes the place of an earlier one.

    Raises AlreadyMember, StillClosing and TooMany. Whether the address has an account elsewhere is
    nobody's business here.
    """
    address = email.lower()
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one at a time
    if members_of(organisation).filter(user__email=address).exists():
        raise AlreadyMember
    if Membership.objects.filter(organisation=organisation, user__email=address).exists():
        raise StillClosing
    now = timezone.now()
    lately = MemberInvitation.objects.filter(
        organisation=organisation, created_at__gt=now - timedelta(days=1)
    )
    if lately.count() >= A_DAY:
        raise TooMany
    open_invitations().filter(organisation=organisation, email=address).update(withdrawn_at=now)
    row = MemberInvitation.objects.create(
        organisation=organisation,
        invited_by=by,
        email=address,
        first_name=first_name,
        last_name=last_name,
        role=role,
        expires_at=now + timedelta(days=DAYS),
    )
    audit.record("invitation.sent", row, actor=by, organisation_id=organisation.pk, role=role)
    _send(row)
    return row


@transaction.atomic
def withdraw(invitation: MemberInvitation, *, actor: User) -> bool:
    """The link no longer works; False where it was accepted or withdrawn in the meantime."""
    rows = MemberInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        return False
    audit.record(
        "invitation.withdrawn",
        invitation,
        actor=actor,
        organisation_id=invitation.organisation_id,
    )
    return True


@transaction.atomic
def accept(invitation: MemberInvitation, user: User) -> Membership:
    """`user` becomes a member with the role of the invitation. Raises InvitationGone."""
    row = MemberInvitation.objects.select_for_update().get(pk=invitation.pk)
    if not open_invitations().filter(pk=row.pk).exists():
        raise InvitationGone
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    audit.record("invitation.accepted", row, actor=user, organisation_id=row.organisation_id)
    return join(user, row.organisation, role=row.role)


def token_of(invitation: MemberInvitation) -> str:
    """What the link ends in: the code, signed, so that nobody makes one up."""
    return _signer.sign(invitation.code)


def link_to(invitation: MemberInvitation) -> str:
    """The whole address for the mail."""
    return settings.HC_BASE_URL + reverse("organisations:join", args=[token_of(invitation)])


def invitation_behind(token: str) -> MemberInvitation | None:
    """The invitation that still works behind a link; None for every other token."""
    try:
        code = _signer.unsign(token)
    except BadSignature:
        return None
    return open_invitations().filter(code=code).first()

"""Mails about belonging to an organisation: its ID to who opened it, and that somebody waits."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from healthcompanion.accounts.models import User
from healthcompanion.notifications.actions import queue_message
from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail, compose, renders
from healthcompanion.organisations import invitations
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.models import (
    MemberInvitation,
    Membership,
    MemberState,
    Organisation,
)
from healthcompanion.organisations.queries import (
    administrators_of,
    membership_of,
    open_invitations,
)

WELCOME, WAITING = "organisation.welcome", "organisation.member_waiting"
INVITATION = "organisation.invitation"


def connect() -> None:
    """Called once, when the applications are ready."""
    email_confirmed.connect(_confirmed)
    user_signed_up.connect(_signed_up)
    invitations.connect(_invite)


def _invite(invitation: MemberInvitation) -> None:
    queue_message(
        INVITATION,
        str(invitation.pk),
        organisation=invitation.organisation,
        sender=invitation.invited_by,
    )


def _signed_up(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    """Whoever came by an invitation has shown already that the address is theirs."""
    address = EmailAddress.objects.filter(user=user, verified=True).first()
    if address is not None:
        _confirmed(sender, request, address)


def _confirmed(sender: Any, request: Any, email_address: EmailAddress, **kwargs: Any) -> None:
    """Only who has shown that the address is theirs makes us write to others."""
    row = membership_of(email_address.user)
    if row is None or row.organisation.kind == Organisation.Kind.INDIVIDUAL:
        return
    if row.is_administrator:
        _tell(WELCOME, str(row.pk), row)
    elif row.state == MemberState.WAITING:
        for administrator in administrators_of(row.organisation):
            _tell(WAITING, f"{row.pk}:{administrator.pk}", row)


def _tell(kind: str, reference: str, row: Membership) -> None:
    if not Message.objects.filter(kind=kind, reference=reference).exists():
        queue_message(kind, reference, organisation=row.organisation, sender=None)


def failed_invitations(rows: Iterable[MemberInvitation]) -> set[int]:
    """Which of them could not be delivered, by key. One query."""
    failed = Message.objects.filter(
        kind=INVITATION,
        reference__in=[str(row.pk) for row in rows],
        state=Message.State.FAILED,
    )
    return {int(key) for key in failed.values_list("reference", flat=True)}


@renders(INVITATION, harmless_twice=True)
def invitation(reference: str) -> Mail | None:
    """The link to become a member; None once it no longer works."""
    row = open_invitations().filter(pk=reference).select_related("invited_by").first()
    if row is None:
        return None
    language = row.invited_by.language if row.invited_by else settings.LANGUAGE_CODE
    with translation.override(language):
        return compose(
            "notifications/email/member_invitation",
            to=row.email,
            to_name=f"{row.first_name} {row.last_name}".strip(),
            subject=_("Please join your organisation"),
            language=language,
            context={
                "invitation": row,
                "days": invitations.DAYS,
                "url": invitations.link_to(row),
            },
        )


@renders(WELCOME, harmless_twice=True)
def welcome(reference: str) -> Mail | None:
    """The Organisations-ID, to pass on; None where there is no such membership any more."""
    row = _membership(reference)
    if row is None or row.organisation.join_id is None:
        return None
    with translation.override(row.user.language):
        return _mail(
            "organisation_welcome",
            row.user,
            _("Your organisation ID"),
            {"organisation": row.organisation, "join_id": shown(row.organisation.join_id)},
        )


@renders(WAITING, harmless_twice=True)
def member_waiting(reference: str) -> Mail | None:
    """That a new member waits for a licence; None where nobody waits any more."""
    row, administrator = map(_membership, reference.split(":"))
    if row is None or administrator is None or row.state != MemberState.WAITING:
        return None
    with translation.override(administrator.user.language):
        return _mail(
            "member_waiting",
            administrator.user,
            _("A new member is waiting for a licence"),
            {"member": row.user, "organisation": row.organisation},
        )


def _membership(reference: str) -> Membership | None:
    rows = Membership.objects.select_related("user", "organisation")
    return rows.filter(pk=reference).first()


def _mail(template: str, user: User, subject: str, context: dict[str, Any]) -> Mail:
    return compose(
        f"notifications/email/{template}",
        to=user.email,
        to_name=user.full_name,
        subject=subject,
        language=user.language,
        context={"url": settings.HC_BASE_URL + reverse("dashboard:home"), "user": user, **context},
    )

"""Deletes what has been kept long enough: the periods of docs/compliance/data-catalogue.md."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from healthcompanion.accounts.models import AddressChange, SignIn, User
from healthcompanion.accounts.verification import forget_documents
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call, RatingCount
from healthcompanion.compliance.closed_accounts import empty_closed_accounts
from healthcompanion.core.audit import reference
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from healthcompanion.notifications.models import Message, OutboxMail
from healthcompanion.organisations.models import MemberInvitation
from healthcompanion.statistics.models import DayCount
from healthcompanion.support.models import ChangeRequest, SupportRequest

GUEST_DAYS = 90  # DEC-12, and never before the link has expired
CALL_DAYS = 90  # of calls without a guest; a guest's go with the guest (A6)
MESSAGE_DAYS = 90
INVITATION_DAYS = 90  # of new members; they work for 14
OUTBOX_DAYS = 30
JOB_DAYS = 7
FAILED_JOB_DAYS = 30  # time for the operator to look and to try again
AUDIT_DAYS = 365
RATING_DAYS = 3 * 365
SUPPORT_DAYS = 365
ADDRESS_DAYS = 90  # new e-mail addresses; they wait for seven
PROOF_DAYS = 30  # after the decision
FIGURE_DAYS = 3 * 366
UNVERIFIED_DAYS = 14
BATCH = 200
ABOUT_APPOINTMENTS = "appointment."


def apply_retention() -> dict[str, int]:
    """One run: what went, by kind. Safe to run as often as one likes; at most 200 guests each."""
    return {
        "guests": _delete_old_guests(),
        **{name: _count(rows.delete()) for name, rows in _too_old().items()},
        "sign_ins": _count(
            SignIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
        ),
        "registrations": _delete_unverified(),
        "proofs": forget_documents(_ago(PROOF_DAYS)),
        "closed accounts": empty_closed_accounts(guest_days()),
    }


def _too_old() -> dict[str, QuerySet[Any]]:
    """What goes by its age alone."""
    jobs = DBTaskResult.objects
    return {
        "calls": Call.objects.filter(
            guest=None, state=Call.State.ENDED, rang_at__lt=_ago(CALL_DAYS)
        ),
        # What patients were told stays known for as long as their appointment.
        "messages": Message.objects.filter(created_at__lt=_ago(MESSAGE_DAYS)).exclude(
            kind__startswith=ABOUT_APPOINTMENTS
        ),
        "invitations": MemberInvitation.objects.filter(created_at__lt=_ago(INVITATION_DAYS)),
        "outbox": OutboxMail.objects.filter(created_at__lt=_ago(OUTBOX_DAYS)),
        "jobs": jobs.successful().filter(finished_at__lt=_ago(JOB_DAYS)),
        "failed jobs": jobs.failed().filter(finished_at__lt=_ago(FAILED_JOB_DAYS)),
        "sessions": Session.objects.filter(expire_date__lt=timezone.now()),
        "audit": AuditEntry.objects.filter(created_at__lt=_ago(AUDIT_DAYS)),
        "ratings": RatingCount.objects.filter(day__lt=_ago(RATING_DAYS).date()),
        "support": SupportRequest.objects.filter(created_at__lt=_ago(SUPPORT_DAYS)),
        "changes": ChangeRequest.objects.filter(created_at__lt=_ago(SUPPORT_DAYS)),
        "addresses": AddressChange.objects.filter(created_at__lt=_ago(ADDRESS_DAYS)),
        "figures": DayCount.objects.filter(day__lt=_ago(FIGURE_DAYS).date()),
    }


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def guest_days() -> int:
    """How many days after the appointment everything about its guest goes."""
    return max(GUEST_DAYS, settings.HC_LINK_DAYS)


def _delete_old_guests() -> int:
    limit = timezone.now() - timedelta(days=guest_days())
    # Whoever took part beside a patient goes with them, since they share the patient's calls.
    patients = Guest.objects.filter(scheduled_at__lt=limit, companion_of=None)[:BATCH]
    old = list(patients)
    old += Guest.objects.filter(companion_of__in=old)
    with transaction.atomic():
        Call.objects.filter(guest__in=old).delete()
        appointments = Appointment.objects.filter(patient__in=old)
        told = [str(key) for key in appointments.values_list("pk", flat=True)]
        appointments.delete()
        Message.objects.filter(kind__startswith=ABOUT_APPOINTMENTS, reference__in=told).delete()
        AuditEntry.objects.filter(subject__in=[reference(guest) for guest in old]).delete()
        Guest.objects.filter(pk__in=[guest.pk for guest in old]).delete()
    return len(old)


def _delete_unverified() -> int:
    """Registrations whose address nobody confirmed: the person behind them is unknown."""
    limit = timezone.now() - timedelta(days=UNVERIFIED_DAYS)
    verified = EmailAddress.objects.filter(verified=True).values("user")
    forgotten = User.objects.filter(created_at__lt=limit, last_login=None).exclude(pk__in=verified)
    with transaction.atomic():
        organisations = {
            user.membership.organisation
            for user in forgotten.select_related("membership__organisation")
            if hasattr(user, "membership")
        }
        count = len(forgotten)
        forgotten.delete()
        for organisation in organisations:
            if not organisation.memberships.exists():
                organisation.delete()
    return count


def _count(deleted: tuple[int, dict[str, int]]) -> int:
    return deleted[0]

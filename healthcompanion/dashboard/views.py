"""The start page: for visitors the front door, for professionals their day."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import may_treat
from healthcompanion.appointments import queries
from healthcompanion.calls.missed import missed_calls
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.models import Membership
from healthcompanion.organisations.queries import members_of, served_by
from healthcompanion.organisations.rules import can_administer, can_work, is_assistant


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """NAV-1: the dashboard with the person's name; without a session the front door."""
    if not isinstance(request.user, User):
        return render(request, "dashboard/start.html")
    if request.user.is_staff:
        return redirect("backoffice:home")
    membership: Membership = request.membership  # type: ignore[attr-defined]  # by TenantMiddleware
    if not can_work(membership):
        return render(request, "dashboard/pending.html")
    today, waiting = queries.day_of(request.user)
    request.guests_waiting = [row.patient for row in waiting]  # type: ignore[attr-defined]  # for the frame
    now = timezone.now()
    assists = is_assistant(membership)
    context = {
        "join_id": _join_id_to_pass_on(membership),
        "today": today,
        "waiting": waiting,
        "next_appointment": next(
            (row for row in today if row.ends_at > now and not (row.held_at or row.is_cancelled)),
            None,
        ),
        "missed": [] if assists else missed_calls(membership),
        "assists": assists,
        "served": list(served_by(membership)) if assists else [],
        "unverified": not assists and not may_treat(request.user),
        "first_steps": not today and not queries.appointments_of(request.user).exists(),
    }
    return render(request, "dashboard/home.html", context)


def _join_id_to_pass_on(membership: Membership) -> str:
    """What a new organisation's administrator has to tell the staff, as long as there is none."""
    join_id = membership.organisation.join_id
    if not (join_id and can_administer(membership)):
        return ""
    return (
        ""
        if members_of(membership.organisation).exclude(pk=membership.pk).exists()
        else shown(join_id)
    )

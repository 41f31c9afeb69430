"""The start page: for visitors the front door, for professionals their day."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from healthcompanion.accounts.models import User
from healthcompanion.appointments import queries
from healthcompanion.organisations.rules import can_work


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """NAV-1: the dashboard with the person's name; without a session the front door."""
    if not isinstance(request.user, User):
        return render(request, "dashboard/start.html")
    if not can_work(request.membership):  # type: ignore[attr-defined]  # set by TenantMiddleware
        return render(request, "dashboard/pending.html")
    today = queries.appointments_today(request.user)
    now = timezone.now()
    context = {
        "today": today,
        "waiting": queries.waiting_now(request.user),
        "next_appointment": next(
            (row for row in today if row.ends_at > now and not (row.held_at or row.is_cancelled)),
            None,
        ),
        "first_steps": not queries.appointments_of(request.user).exists(),
    }
    return render(request, "dashboard/home.html", context)

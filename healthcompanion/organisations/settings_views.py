"""The settings page "Organisation": where one belongs, and the way up for individuals (DEC-8)."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from healthcompanion.organisations import actions
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.models import Organisation
from healthcompanion.organisations.rules import can_administer, can_work
from healthcompanion.organisations.upgrade_form import UpgradeForm

PAGE = "organisations:organisation"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """A second try, from another tab or by a double click, finds the organisation made."""
    if getattr(request, "membership", None) is None:
        raise Http404
    member = cast(MemberRequest, request)
    if member.membership.organisation.kind == Organisation.Kind.INDIVIDUAL:
        return _individual(member)
    return redirect(PAGE) if request.method == "POST" else _organisation(member)


def _organisation(request: MemberRequest) -> HttpResponse:
    row = request.membership
    join_id = row.organisation.join_id if can_administer(row) else None
    context = {"row": row, "join_id": shown(join_id) if join_id else ""}
    return render(request, "organisations/organisation.html", context)


def _individual(request: MemberRequest) -> HttpResponse:
    may = can_work(request.membership)
    if request.method == "POST" and not may:
        return redirect("dashboard:home")
    posted = request.POST if request.method == "POST" else None
    form = UpgradeForm(posted, user=request.user)
    if form.is_valid():
        row = request.membership.organisation
        if actions.become_organisation(row, by=request.user, **form.details):
            messages.success(request, _("Your account is now an organisation."))
        return redirect(PAGE)
    context = {"form": form, "may_upgrade": may}
    status = 422 if form.is_bound else 200
    return render(request, "organisations/upgrade.html", context, status=status)

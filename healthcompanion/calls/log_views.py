"""Settings, "Logs": one's own calls (11.4)."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.calls.call_log import own_log
from healthcompanion.calls.log_actions import record_export
from healthcompanion.calls.log_forms import LogForm
from healthcompanion.calls.log_pages import Beyond, export, export_refused, table_of
from healthcompanion.organisations.guards import scheduling_member
from healthcompanion.organisations.middleware import MemberRequest


@scheduling_member
@require_safe
def log_list(request: MemberRequest) -> HttpResponse:
    """One's calls, newest first, fifty at a time."""
    form = LogForm(request.GET)
    log = own_log(request.membership, form.choice) if form.is_valid() else None
    try:
        table = table_of(form, reverse("calls:log-list"), log, request.GET)
    except Beyond as beyond:
        return redirect(beyond.url)
    status = 422 if log is None else 200
    return render(request, "calls/log_list.html", {"table": table}, status=status)


@scheduling_member
@require_POST
def log_export(request: MemberRequest) -> HttpResponseBase:
    """The same calls as a file; that somebody took them along stands in the audit trail."""
    form = LogForm(request.POST)
    if not form.is_valid():
        return export_refused(form, reverse("calls:log-list"))
    record_export(request.membership, form.choice, scope="own")
    return export(own_log(request.membership, form.choice))

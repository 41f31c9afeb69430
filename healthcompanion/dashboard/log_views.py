"""Administrator, "Logs": all calls of the organisation's members (13.4). Never what was said."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.calls.call_log import Log, organisation_log
from healthcompanion.calls.log_actions import record_export
from healthcompanion.calls.log_forms import OrganisationLogForm
from healthcompanion.calls.log_pages import Beyond, export, export_refused, table_of
from healthcompanion.organisations.guards import administrator
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.models import Organisation


def _log(organisation: Organisation, form: OrganisationLogForm) -> Log:
    return organisation_log(organisation, form.choice, people=form.people)


@administrator
@require_safe
def log_list(request: MemberRequest) -> HttpResponse:
    """The members' calls, newest first, fifty at a time."""
    organisation = request.membership.organisation
    form = OrganisationLogForm(request.GET, organisation=organisation)
    log = _log(organisation, form) if form.is_valid() else None
    try:
        table = table_of(form, reverse("administration:log-list"), log, request.GET)
    except Beyond as beyond:
        return redirect(beyond.url)
    status = 422 if log is None else 200
    return render(request, "administration/log_list.html", {"table": table}, status=status)


@administrator
@require_POST
def log_export(request: MemberRequest) -> HttpResponseBase:
    """The same calls as a file; that somebody took them along stands in the audit trail."""
    organisation = request.membership.organisation
    form = OrganisationLogForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return export_refused(form, reverse("administration:log-list"))
    record_export(request.membership, form.choice, scope="organisation", people=form.people)
    return export(_log(organisation, form), with_member=True)

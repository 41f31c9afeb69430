"""The administrator's dashboard: figures of the organisation over a period (13.1, DEC-38)."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from healthcompanion.core import audit
from healthcompanion.core.spreadsheet import download
from healthcompanion.organisations.guards import administrator
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.queries import members_of
from healthcompanion.statistics import queries
from healthcompanion.statistics.forms import CHOICES, STANDARD, PeriodForm, last_days
from healthcompanion.statistics.queries import Figures, Period

SHOWN_BARS = 10


@administrator
@require_safe
def figures(request: MemberRequest) -> HttpResponse:
    """Figures, chart and table of the chosen period; a wrong one is said beside its field."""
    chosen, form, period = _chosen(request)
    house = request.membership.organisation
    members = queries.by_member(house, period) if period else []
    context = {
        "form": form,
        "chosen": chosen,
        "choices": [
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("Year")),
            ("own", _("Own period")),
        ],
        "period": period,
        "registered": members_of(house).count(),
        "figures": queries.totals(house, period) if period else None,
        "members": members,
        "bars": [row for row in members if row.figures.calls][:SHOWN_BARS],
        "columns": queries.over_time(house, period) if period else [],
        "is_cut": len(members) == queries.SHOWN,
        "query": request.GET.urlencode(),
    }
    status = 200 if period else 422
    return render(request, "administration/figures.html", context, status=status)


def _chosen(request: MemberRequest) -> tuple[str, PeriodForm, Period | None]:
    """What was pressed, the form of the own period, and the period; None where it is wrong."""
    chosen = request.GET.get("period", STANDARD)
    if chosen != "own":
        chosen = chosen if chosen in CHOICES else STANDARD
        period = last_days(CHOICES[chosen])
        return chosen, PeriodForm(initial={"begin": period.first, "end": period.last}), period
    if not ({"begin", "end"} & request.GET.keys()):  # pressed just now, nothing typed yet
        period = last_days(CHOICES[STANDARD])
        return chosen, PeriodForm(initial={"begin": period.first, "end": period.last}), period
    form = PeriodForm(request.GET)
    return chosen, form, form.period if form.is_valid() else None


@administrator
@require_POST
def figures_file(request: MemberRequest) -> HttpResponseBase:
    """The same figures for a spreadsheet, of all members."""
    _name, _form, period = _chosen(request)
    if period is None:  # an address that was written by hand
        return redirect("administration:dashboard")
    house = request.membership.organisation
    audit.record("figures.exported", house, actor=request.user, organisation_id=house.pk)
    members = queries.by_member(house, period, limit=None)
    rows: list[list[object]] = [
        [
            _("Member"),
            _("Calls"),
            _("Minutes"),
            _("Not answered"),
            _("Patient invitations"),
            _("Meeting invitations"),
            _("Invitations in all"),
            _("Meetings and groups"),
        ],
        *([row.name or _("Former member"), *_cells(row.figures)] for row in members),
        [_("All together"), *_cells(queries.totals(house, period))],
    ]
    name = _("figures")
    return download(f"{name}-{period.first}-{period.last}.csv", rows)


def _cells(row: Figures) -> Iterator[int]:
    yield from (row.calls, row.minutes, row.unanswered)
    yield from (row.invitations, row.meeting_invitations, row.all_invitations, row.meetings)

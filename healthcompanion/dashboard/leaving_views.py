"""Coming appointments of a member: hand them over, also when the member is removed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from healthcompanion.appointments.handover import (
    PatientIsThere,
    SuccessorGone,
    coming_appointments,
    hand_over,
    let_go,
)
from healthcompanion.dashboard.administration_forms import SuccessorForm
from healthcompanion.organisations.guards import administrator
from healthcompanion.organisations.members import LastAdministrator
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.queries import member_for
from healthcompanion.organisations.removal import StillInCall


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def member_handover(request: MemberRequest, code: str) -> HttpResponse:
    """Somebody else holds what is ahead of a member; the patients are told (DEC-9)."""
    row = member_for(request.membership, code)
    posted = request.POST if request.method == "POST" else None
    form = SuccessorForm(posted, leaving=row, search=request.GET.get("search", ""))
    if posted is not None and form.is_valid() and form.person is not None:
        try:
            count = hand_over(row.user, row.organisation, to=form.person, actor=request.user)
        except PatientIsThere:
            messages.error(request, _patient_is_there())
        except SuccessorGone:
            messages.error(request, _successor_is_gone())
            return redirect("administration:member-handover", code)
        else:
            messages.success(request, _handed_over(count, form.person.full_name))
        return redirect("administration:member-detail", code)
    coming = coming_appointments(row.user, row.organisation)
    context = {"member": row, "form": form, "coming": coming}
    status = 422 if form.is_bound else 200
    return render(request, "administration/member_handover.html", context, status=status)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def member_removal(request: MemberRequest, code: str) -> HttpResponse:
    """Asks first, and for who takes over what is ahead; then the account closes."""
    row = member_for(request.membership, code)
    coming = coming_appointments(row.user, row.organisation)
    posted = request.POST if request.method == "POST" else None
    search = request.GET.get("search", "")
    form = SuccessorForm(posted, leaving=row, may_cancel=True, search=search)
    if not coming:
        form.fields["successor"].required = False
    if posted is None or not form.is_valid():
        context = {"member": row, "form": form, "coming": coming}
        status = 422 if form.is_bound else 200
        return render(request, "administration/member_removal.html", context, status=status)
    try:
        let_go(row, successor=form.person, actor=request.user)
    except PatientIsThere:
        messages.error(request, _patient_is_there())
    except SuccessorGone:
        messages.error(request, _successor_is_gone())
        return redirect("administration:member-removal", code)
    except StillInCall:
        messages.error(request, _("The consultation is still running. Please try again later."))
    except LastAdministrator:
        messages.error(
            request,
            _("The organisation needs an administrator. Please appoint somebody else first."),
        )
    else:
        name = row.user.full_name
        messages.success(request, _("%(name)s is no longer a member.") % {"name": name})
        if row.pk == request.membership.pk:
            return redirect("dashboard:home")
        return redirect("administration:member-list")
    return redirect("administration:member-detail", code)


def _patient_is_there() -> str:
    return _("A patient is waiting or in the consultation at this moment. Please try again later.")


def _successor_is_gone() -> str:
    return _("Whoever was to take over holds no consultations any more. Please choose again.")


def _handed_over(count: int, name: str) -> str:
    text = ngettext(
        "%(count)s appointment is with %(name)s now.",
        "%(count)s appointments are with %(name)s now.",
        count,
    )
    return text % {"count": count, "name": name}

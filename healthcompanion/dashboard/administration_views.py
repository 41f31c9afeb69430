""" "Benutzer": the members of an organisation, for its administrators (13.2)."""

from copy import copy
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthcompanion.accounts import addresses
from healthcompanion.appointments.handover import (
    AppointmentsAhead,
    change_role,
    coming_appointments,
)
from healthcompanion.dashboard.administration_forms import AssignmentForm, PersonForm, RoleForm
from healthcompanion.organisations import licences, members
from healthcompanion.organisations.guards import administrator
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.models import Membership
from healthcompanion.organisations.queries import member_for, member_page
from healthcompanion.organisations.removal import StillInCall

Role = Membership.Role


@administrator
@require_safe
def member_list(request: MemberRequest) -> HttpResponse:
    """All members, fifty at a time, with search and the states of their licences."""
    labels = {
        "": _("All"),
        "waiting": _("Waiting for activation"),
        "active": _("Active"),
        "ending": _("Ending"),
        "inactive": _("Deactivated"),
    }
    state = request.GET.get("state", "")
    state = state if state in labels else ""
    search = request.GET.get("search", "").strip()
    after = request.GET.get("after", "")
    page = member_page(
        request.membership.organisation,
        search=search,
        state=state,
        after=after if after.isalnum() else "",  # PostgreSQL takes no NUL
    )
    context = {
        "page": page,
        "search": search,
        "state": state,
        "is_cut": bool(search or state or after),
        "next_url": _list_url(search, state, page.next) if page.next else "",
        "filters": [
            {"key": key, "label": label, "url": _list_url(search, key), "active": key == state}
            for key, label in labels.items()
        ],
    }
    return render(request, "administration/member_list.html", context)


def _list_url(search: str, state: str, after: str = "") -> str:
    values = {"search": search, "state": state, "after": after}
    query = urlencode({name: value for name, value in values.items() if value})
    return reverse("administration:member-list") + (f"?{query}" if query else "")


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def member_detail(request: MemberRequest, code: str) -> HttpResponse:
    """A member with everything an administrator may change; a POST is name and contact data."""
    row = member_for(request.membership, code)
    if request.method != "POST":
        return _page(request, row, PersonForm(instance=row.user))
    form = PersonForm(request.POST, instance=copy(row.user))
    if not form.is_valid():
        return _page(request, row, form, status=422)
    email = form.cleaned_data.pop("email")
    if email != row.user.email and not ratelimit.consume(
        request, action="address", key=str(row.organisation_id)
    ):
        form.add_error("email", _("Too many new addresses within an hour. Please try again later."))
        return _page(request, row, form, status=422)
    members.change_person(row, actor=request.user, **form.cleaned_data)
    if email != row.user.email:
        addresses.ask_for_address(row.user, email, actor=request.user)
    messages.success(request, _("The changes are saved."))
    return redirect("administration:member-detail", code)


@administrator
@require_POST
def member_address_withdrawal(request: MemberRequest, code: str) -> HttpResponse:
    """The member keeps the present e-mail address."""
    row = member_for(request.membership, code)
    if addresses.withdraw_address(row.user, actor=request.user):
        messages.success(request, _("The e-mail address stays as it is."))
    return redirect("administration:member-detail", code)


def _page(
    request: MemberRequest, row: Membership, form: PersonForm, *, status: int = 200
) -> HttpResponse:
    role = RoleForm(initial={"role": row.role, "is_administrator": row.is_administrator})
    context = {
        "member": row,
        "form": form,
        "role_form": role,
        "waiting_address": addresses.waiting_address(row.user),
        "coming": coming_appointments(row.user, row.organisation),
        "assignment": _assignment(request, row) if row.role == Role.ASSISTANT else None,
    }
    return render(request, "administration/member_detail.html", context, status=status)


def _assignment(request: MemberRequest, row: Membership) -> AssignmentForm:
    """In a large house one looks for people: what is ticked and not saved yet stays."""
    if "search" not in request.GET:
        return AssignmentForm(assistant=row)
    ticked = request.GET.getlist("professionals")
    return AssignmentForm(assistant=row, search=request.GET["search"], ticked=ticked)


@administrator
@require_POST
def member_role(request: MemberRequest, code: str) -> HttpResponse:
    """Role and rights of a member (DEC-6, DEC-7)."""
    row = member_for(request.membership, code)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose a role."))
        return redirect("administration:member-detail", code)
    values = form.cleaned_data
    try:
        with transaction.atomic():
            members.set_administrator(row, values["is_administrator"], actor=request.user)
            change_role(row, values["role"], actor=request.user)
    except members.LastAdministrator:
        messages.error(request, last_administrator())
        return redirect("administration:member-detail", code)
    except StillInCall:
        messages.error(request, _("The consultation is still running. Please try again later."))
        return redirect("administration:member-detail", code)
    except AppointmentsAhead:
        text = _("Assistants hold no consultations: please say first who takes the appointments.")
        messages.error(request, text)
        return redirect("administration:member-handover", code)
    messages.success(request, _("The changes are saved."))
    if row.pk == request.membership.pk and not values["is_administrator"]:
        return redirect("dashboard:home")
    return redirect("administration:member-detail", code)


def last_administrator() -> str:
    """Why somebody keeps their rights or licence."""
    return _("The organisation needs an administrator. Please appoint somebody else first.")


@administrator
@require_POST
def member_assignment(request: MemberRequest, code: str) -> HttpResponse:
    """For whom an assistant schedules and looks after the waiting room."""
    row = member_for(request.membership, code)
    form = AssignmentForm(request.POST, assistant=row)
    if row.role != Role.ASSISTANT or not form.is_valid():
        messages.error(request, _("This person can no longer be chosen. Please check the list."))
        return redirect("administration:member-detail", code)
    members.assign(row, list(form.cleaned_data["professionals"]), actor=request.user)
    messages.success(request, _("The changes are saved."))
    return redirect("administration:member-detail", code)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def member_licence(request: MemberRequest, code: str) -> HttpResponse:
    """Gives or takes the licence; asks first, and says what happens (DEC-5, DEC-9)."""
    row = member_for(request.membership, code)
    if request.method != "POST":
        context = {"member": row, "gives": not row.is_licensed or row.is_ending}
        return render(request, "administration/member_licence.html", context)
    wanted = request.POST.get("licence")
    if wanted not in ("on", "off"):
        messages.error(request, _("Please choose whether the licence is on or off."))
        return redirect("administration:member-licence", code)
    try:
        switch = licences.activate if wanted == "on" else licences.deactivate
        changed = switch(row, actor=request.user)
    except members.LastAdministrator:
        messages.error(request, last_administrator())
    else:
        row.refresh_from_db()
        _say(request, row, changed=changed)
    return redirect("administration:member-detail", code)


def _say(request: MemberRequest, row: Membership, *, changed: bool) -> None:
    texts = {
        "active": _("%(name)s has a licence now."),
        "ending": _("The licence of %(name)s ends with the running conversation."),
        "inactive": _("%(name)s has no licence any more and is signed out everywhere."),
        "waiting": _("%(name)s has no licence."),
    }
    text = texts[row.state] % {"name": row.user.full_name}
    if changed:
        messages.success(request, text)
    else:
        messages.info(request, _("Somebody was faster: %(text)s") % {"text": text})

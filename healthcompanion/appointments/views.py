"""The pages of "Patienten"."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import may_treat
from healthcompanion.appointments import actions, queries, refusals
from healthcompanion.appointments.edit_form import EditForm
from healthcompanion.appointments.forms import DURATIONS, AppointmentForm
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import CHANGE, INVITATION, Appointment
from healthcompanion.core.phones import readable
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.guards import scheduling_member
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.queries import served_by
from healthcompanion.organisations.rules import is_assistant, sms_offer

FILTERS = {
    "all": gettext_lazy("All"),
    "online": gettext_lazy("Online"),
    "upcoming": gettext_lazy("Upcoming"),
    "past": gettext_lazy("Past"),
}
EDITABLE = (
    "first_name",
    "last_name",
    "email",
    "mobile",
    "language",
    "starts_at",
    "duration_minutes",
    "reminders",
)
DETAILS = (
    "first_name",
    "last_name",
    "email",
    "by_email",
    "mobile",
    "by_sms",
    "language",
    "starts_at",
    "duration_minutes",
    "reminders",
)


@scheduling_member
@require_safe
def appointment_list(request: MemberRequest) -> HttpResponse:
    """The list with sections, filters and search (PAT-1 to PAT-3); also its own live fragment."""
    chosen = request.GET.get("filter", "all")
    chosen = chosen if chosen in FILTERS else "all"
    search = request.GET.get("search", "").strip()
    served = _served(request)
    professional = next(
        (row for row in served if row.code == request.GET.get("professional")), None
    )
    sections = queries.sections_for(request.user, chosen, search, professional=professional)
    return render(
        request,
        "appointments/appointment_list.html",
        {
            "sections": sections,
            "search": search,
            "found": sum(len(section.appointments) for section in sections),
            "filter": chosen,
            "filters": _filters(chosen, search, professional),
            "served": served,
            "professional": professional,
            "has_any": bool(sections) or queries.appointments_of(request.user).exists(),
        },
    )


def _filters(chosen: str, search: str, professional: User | None) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": label,
            "url": _list_url(key, search, professional),
            "active": key == chosen,
        }
        for key, label in FILTERS.items()
    ]


def _served(request: MemberRequest) -> list[User]:
    """The professionals for whom an assistant works; nobody for a professional."""
    return list(served_by(request.membership)) if is_assistant(request.membership) else []


def _list_url(chosen: str, search: str, professional: User | None) -> str:
    values = {
        "filter": chosen if chosen != "all" else "",
        "search": search,
        "professional": professional.code if professional else "",
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return reverse("appointments:appointment-list") + (f"?{query}" if query else "")


@scheduling_member
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_create(request: MemberRequest) -> HttpResponse:
    """The form "Termin erstellen"; what was typed stays when something is wrong."""
    organisation = request.membership.organisation
    assists = is_assistant(request.membership)
    if not assists and not may_treat(request.user):
        status = 403 if request.method == "POST" else 200
        return render(request, "appointments/unverified.html", status=status)
    form = AppointmentForm(
        request.POST if request.method == "POST" else None,
        zone=organisation.zone,
        region=organisation.country,
        sms=sms_offer(organisation),
        professionals=served_by(request.membership) if assists else None,
        initial={
            "date": timezone.localdate(),
            "language": request.user.language,
            **_contact_data(request),
        },
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        professional = values["professional"] if assists else request.user
        details = {name: values[name] for name in DETAILS}
        try:
            appointment = actions.create_appointment(
                organisation, professional, created_by=request.user, **details
            )
        except (refusals.NotVerified, refusals.NotConsulting) as refusal:
            form.add_error("professional" if assists else None, _text_of(refusal, professional))
        else:
            messages.success(request, _created_text(told=values["by_email"] or values["by_sms"]))
            return redirect(appointment)
    status = 422 if form.is_bound else 200
    context = {"form": form, "durations": DURATIONS}
    return render(request, "appointments/appointment_form.html", context, status=status)


def _text_of(refusal: Exception, professional: User) -> str:
    if isinstance(refusal, refusals.NotVerified):
        return _unverified_text(professional)
    text = _("%(name)s holds no consultations at present.")
    return text % {"name": professional.full_name}


def _unverified_text(professional: User) -> str:
    text = _("%(name)s cannot invite patients yet: the operator looks at the proof first.")
    return text % {"name": professional.full_name}


def _contact_data(request: MemberRequest) -> dict[str, str | bool]:
    """What the form knows already of the person who was picked; Http404 for other people's."""
    code = request.GET.get("person", "")
    if not code:
        return {}
    if not code.isalnum():  # PostgreSQL takes no NUL
        raise Http404
    appointment = queries.appointment_for(request.user, code)
    patient = appointment.patient
    return {
        "professional": appointment.professional.code,
        "first_name": patient.first_name,
        "last_name": patient.last_name,
        "by_email": bool(patient.email),
        "email": patient.email,
        "by_sms": bool(patient.phone),
        "mobile": readable(patient.phone),
        "by_link": not (patient.email or patient.phone),
        "language": patient.language,
    }


@scheduling_member
@require_safe
def person_list(request: MemberRequest) -> HttpResponse:
    """ "Eingeladene Personen suchen": whoever is picked need not be typed again (8.2)."""
    search = request.GET.get("search", "").strip()
    people = queries.people_invited(request.user, search)
    context = {"search": search, "people": people}
    return render(request, "appointments/person_list.html", context)


def _created_text(*, told: bool) -> str:
    if told:
        return _("Your appointment was created and the participant was informed.")  # TOA-3
    return _("Your appointment was created. Please pass on the link.")


@scheduling_member
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_edit(request: MemberRequest, code: str) -> HttpResponse:
    """Change or move an appointment; what was typed stays when something is wrong (DEC-12)."""
    appointment = queries.appointment_for(request.user, code)
    if appointment.is_cancelled:
        return _say_cancelled(request, appointment)
    form = EditForm(request.POST if request.method == "POST" else None, appointment=appointment)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in EDITABLE}
        try:
            told = actions.change_appointment(appointment, actor=request.user, **values)
        except refusals.ConsultationRunning:
            form.add_error(None, _("The consultation is still running. Please hang up first."))
        except refusals.PatientIsHere as here:
            form.add_error(
                actions.CONTACTS[here.way],
                _("The patient is there and would lose the link. Please change this afterwards."),
            )
        except refusals.AppointmentGone as gone:
            raise Http404 from gone
        else:
            messages.success(request, _changed_text(told))
            return redirect(appointment)
    status = 422 if form.is_bound else 200
    context = {"form": form, "durations": DURATIONS, "appointment": appointment}
    return render(request, "appointments/appointment_edit.html", context, status=status)


def _say_cancelled(request: MemberRequest, appointment: Appointment) -> HttpResponse:
    messages.info(request, _("The patient has cancelled. Please create a new appointment."))
    return redirect(appointment)


def _changed_text(told: str) -> str:
    if told == INVITATION:
        return _("The changes are saved and the invitation is on its way.")
    if told == CHANGE:
        return _("The changes are saved and the participant is informed of the new time.")
    return _("The changes are saved. No message was sent.")


@scheduling_member
@require_safe
def appointment_detail(request: MemberRequest, code: str) -> HttpResponse:
    """The overview page of a patient: facts, presence, history."""
    appointment = queries.appointment_for(request.user, code)
    context = {"appointment": appointment, "history": history_of(appointment)}
    return render(request, "appointments/appointment_detail.html", context)


@scheduling_member
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_deletion(request: MemberRequest, code: str) -> HttpResponse:
    """ "Termin löschen": asks first; deleting kills the link (INV-3, PAT-15)."""
    appointment = queries.appointment_for(request.user, code)
    if request.method != "POST":
        context = {"appointment": appointment}
        return render(request, "appointments/appointment_deletion.html", context)
    try:
        actions.delete_appointment(appointment, actor=request.user)
    except refusals.ConsultationRunning:
        messages.error(request, _("The consultation is still running. Please hang up first."))
        return redirect(appointment)
    messages.success(request, _("The appointment was deleted and its link no longer works."))
    return redirect("appointments:appointment-list")


@scheduling_member
@require_http_methods(["POST"])
def invitation_create(request: MemberRequest, code: str) -> HttpResponse:
    """ "Erneut senden": the invitation once more (TOA-2)."""
    appointment = queries.appointment_for(request.user, code)
    if appointment.is_cancelled:
        return _say_cancelled(request, appointment)
    try:
        actions.send_invitation_again(appointment, actor=request.user)
    except refusals.SentJustNow:
        messages.info(request, _("The invitation was sent just now. Please wait a minute."))
    except refusals.NoAddress:
        messages.error(request, _("Address and number are missing. Please edit the appointment."))
    except refusals.SmsClosed:
        messages.error(
            request, _("SMS are not possible at the moment. Please add an e-mail address.")
        )
    except refusals.AppointmentOver:
        messages.error(request, _("The appointment is over. Please move it to a new time first."))
    except refusals.AppointmentGone as gone:
        raise Http404 from gone
    else:
        messages.success(request, _("Invitation sent"))  # TOA-2
    return redirect(appointment)


@scheduling_member
@require_http_methods(["GET", "HEAD", "POST"])
def link_replacement(request: MemberRequest, code: str) -> HttpResponse:
    """ "Neuen Link erstellen": asks first; the former link dies at once (DEC-12, DEC-13)."""
    appointment = queries.appointment_for(request.user, code)
    if appointment.is_cancelled:
        return _say_cancelled(request, appointment)
    if request.method != "POST":
        return render(request, "appointments/link_replacement.html", {"appointment": appointment})
    ways = [way for way in Message.Channel if f"by_{way}" in request.POST]
    try:
        told = actions.replace_link(appointment, actor=request.user, ways=ways)
    except refusals.ConsultationRunning:
        messages.error(request, _("The consultation is still running. Please hang up first."))
    except refusals.AppointmentGone as gone:
        raise Http404 from gone
    else:
        messages.success(request, _replaced_text(told))
    return redirect(appointment)


def _replaced_text(told: list[Message.Channel]) -> str:
    texts = {
        (): _("The former link no longer works. Please pass on the new one."),
        (Message.Channel.EMAIL,): _(
            "The former link no longer works. The new one is on its way by e-mail."
        ),
        (Message.Channel.SMS,): _(
            "The former link no longer works. The new one is on its way by SMS."
        ),
    }
    both = _("The former link no longer works. The new one is on its way by e-mail and SMS.")
    return texts.get(tuple(told), both)

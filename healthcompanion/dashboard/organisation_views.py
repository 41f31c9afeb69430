""" "Organisationen": an organisation's own data and its Organisations-ID (13.3)."""

from copy import copy

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from healthcompanion.accounts.picture_forms import LogoForm
from healthcompanion.dashboard.administration_forms import OrganisationForm
from healthcompanion.organisations import actions
from healthcompanion.organisations.guards import administrator
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.middleware import MemberRequest


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_detail(request: MemberRequest) -> HttpResponse:
    """Name, address and telephone number; what was typed stays when something is wrong."""
    organisation = request.membership.organisation
    posted = request.POST if request.method == "POST" else None
    form = OrganisationForm(posted, instance=copy(organisation))
    if posted is not None and form.is_valid():
        actions.change_organisation(organisation, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("administration:organisation-detail")
    return _page(request, form, LogoForm())


def _page(request: MemberRequest, form: OrganisationForm, logo: LogoForm) -> HttpResponse:
    join_id = request.membership.organisation.join_id
    context = {"form": form, "logo_form": logo, "join_id": shown(join_id) if join_id else ""}
    status = 422 if form.is_bound or logo.is_bound else 200
    return render(request, "administration/organisation_detail.html", context, status=status)


@administrator
@require_POST
def organisation_logo(request: MemberRequest) -> HttpResponse:
    """The logo that guests see; "remove" takes it away."""
    organisation = request.membership.organisation
    if "remove" in request.POST:
        actions.set_logo(organisation, None, actor=request.user)
        messages.success(request, _("The logo is removed."))
        return redirect("administration:organisation-detail")
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, OrganisationForm(instance=copy(organisation)), form)
    actions.set_logo(organisation, form.cleaned_data["file"], actor=request.user)
    messages.success(request, _("The logo is saved."))
    return redirect("administration:organisation-detail")


@administrator
@require_POST
def second_factor_rule(request: MemberRequest) -> HttpResponse:
    """Whether every member needs a second factor (DEC-1)."""
    wanted = request.POST.get("on") == "1"
    try:
        actions.ask_second_factor(request.membership.organisation, wanted, actor=request.user)
    except actions.OwnFactorMissing:
        text = _("Please set up a second factor for yourself first: under Settings, Security.")
        messages.error(request, text)
    else:
        messages.success(request, _("Saved."))
    return redirect("administration:organisation-detail")


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def join_id_renewal(request: MemberRequest) -> HttpResponse:
    """ "Neue ID erzeugen": asks first; the former ID stops working at once (DEC-5)."""
    organisation = request.membership.organisation
    if not organisation.join_id:
        raise Http404
    former = shown(organisation.join_id)
    if request.method != "POST":
        context = {"join_id": former}
        return render(request, "administration/join_id_renewal.html", context)
    if actions.renew_join_id(organisation, actor=request.user, former=request.POST.get("former")):
        messages.success(request, _("The former ID no longer works. Please pass on the new one."))
    else:
        messages.info(request, _("Somebody has just made a new ID. It stands here."))
    return redirect("administration:organisation-detail")

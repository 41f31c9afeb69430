"""Inviting members by mail, for administrators (DEC-5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from healthcompanion.dashboard.administration_forms import InvitationForm
from healthcompanion.notifications.member_mails import failed_invitations
from healthcompanion.organisations import invitations
from healthcompanion.organisations.guards import administrator
from healthcompanion.organisations.join_ids import shown
from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.queries import invitation_for, invitations_of

SHOWN = 200


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_list(request: MemberRequest) -> HttpResponse:
    """Who was invited and has not come yet, above them the form for the next one."""
    organisation = request.membership.organisation
    posted = request.POST if request.method == "POST" else None
    form = InvitationForm(posted, initial={"role": "professional"})
    if posted is not None and form.is_valid() and _invite(request, form):
        text = _("The invitation is on its way to %(email)s.")
        messages.success(request, text % {"email": form.cleaned_data["email"]})
        return redirect("administration:invitation-list")
    rows = list(invitations_of(organisation)[:SHOWN])
    context = {
        "form": form,
        "invitations": rows,
        "failed": failed_invitations(rows),
        "join_id": shown(organisation.join_id) if organisation.join_id else "",
        "days": invitations.DAYS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "administration/invitation_list.html", context, status=status)


def _invite(request: MemberRequest, form: InvitationForm) -> bool:
    organisation = request.membership.organisation
    try:
        invitations.invite_member(organisation, by=request.user, **form.cleaned_data)
    except invitations.AlreadyMember:
        form.add_error("email", _("This address belongs to a member of your organisation."))
    except invitations.StillClosing:
        text = _("The former account with this address is being closed. Please invite tomorrow.")
        form.add_error("email", text)
    except invitations.TooMany:
        form.add_error(None, _("Very many invitations went out today. Please go on tomorrow."))
    else:
        return True
    return False


@administrator
@require_POST
def invitation_withdrawal(request: MemberRequest, code: str) -> HttpResponse:
    """The link in the mail stops working; whoever wants may be invited anew."""
    row = invitation_for(request.membership, code)
    if invitations.withdraw(row, actor=request.user):
        messages.success(request, _("The invitation no longer works."))
    else:
        messages.info(request, _("This person has just become a member."))
    return redirect("administration:invitation-list")

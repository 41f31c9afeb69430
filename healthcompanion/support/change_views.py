""" "Änderung beantragen": another name or e-mail address (DEC-10)."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from healthcompanion.accounts.models import User
from healthcompanion.support import changes
from healthcompanion.support.change_forms import ChangeForm
from healthcompanion.support.queries import latest_change


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """What was typed stays when something is wrong. A new wish replaces one that waits."""
    user = cast(User, request.user)
    form = ChangeForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        if ratelimit.consume(request, action="support", key=str(user.pk)):
            changes.ask_for_change(user, **form.cleaned_data)
            messages.success(request, _("Your request has arrived. We write to you about it."))
            return redirect("support:change")
        form.add_error(
            None, _("You have sent several requests just now. Please try again in an hour.")
        )
    context = {"form": form, "latest": latest_change(user)}
    return render(request, "support/change.html", context, status=422 if form.is_bound else 200)


@require_POST
def change_withdrawal(request: HttpRequest) -> HttpResponse:
    """The person no longer wants it."""
    if changes.withdraw_change(cast(User, request.user)):
        messages.success(request, _("Your request is taken back."))
    return redirect("support:change")

"""Help and support in the settings: a form, and what one has asked so far (DEC-30)."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from healthcompanion.accounts.models import User
from healthcompanion.support import actions
from healthcompanion.support.forms import SupportForm
from healthcompanion.support.queries import requests_of


@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """What was typed stays when something is wrong, also when it was one request too many."""
    user = cast(User, request.user)
    form = SupportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if ratelimit.consume(request, action="support", key=str(user.pk)):
            row = actions.send_request(user, **form.cleaned_data)
            text = _("Your request has arrived. Its number is %(number)s.")
            messages.success(request, text % {"number": row.number})
            return redirect("support:support")
        form.add_error(
            None, _("You have sent several requests just now. Please try again in an hour.")
        )
    context = {"form": form, "requests": requests_of(user)}
    status = 422 if form.is_bound else 200
    return render(request, "support/support.html", context, status=status)

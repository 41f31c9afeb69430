"""The link that went to a new e-mail address, and giving the address up."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from healthcompanion.accounts import addresses
from healthcompanion.accounts.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, since mail scanners open links; POST confirms. Others than the person: gone."""
    change = addresses.change_behind(token, cast(User, request.user))
    if change is not None and request.method == "POST":
        try:
            addresses.confirm_address(change)
        except addresses.ChangeGone:
            change = None
        else:
            messages.success(request, _("Your new e-mail address is valid from now on."))
            return redirect("accounts:profile")
    status = 410 if change is None else 200
    return render(request, "accounts/address.html", {"change": change}, status=status)


@require_POST
def address_withdrawal(request: HttpRequest) -> HttpResponse:
    """The person keeps the present address."""
    user = cast(User, request.user)
    if addresses.withdraw_address(user, actor=user):
        messages.success(request, _("Your e-mail address stays as it is."))
    return redirect("accounts:profile")

""" "Sicherheit" in the settings: second factors, password, signed-in devices (DEC-1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthcompanion.accounts import actions, queries, sign_ins
from healthcompanion.accounts.models import User
from healthcompanion.core.sealing import NotSealed


@require_safe
def settings_home(request: HttpRequest) -> HttpResponse:
    """The first page of the settings."""
    return HttpResponseRedirect(reverse("accounts:general"))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What protects the account, and where it is open at the moment."""
    user = cast(User, request.user)
    found = list(queries.sign_ins_of(user))
    here = request.session.session_key
    context = {
        **queries.second_factors(user),
        "ties": list(queries.ties_of(user)),
        "sign_ins": sorted(found, key=lambda sign_in: sign_in.session_key != here),
        "here": here,
    }
    return render(request, "accounts/security.html", context)


def readable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view`, for secrets whose key may have been taken away: then it leads back, in words."""

    @wraps(view)
    def check(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotSealed:
            messages.error(
                request,
                _("These recovery codes can no longer be read. Please ask the operator for help."),
            )
            return HttpResponseRedirect(reverse("accounts:security"))

    return check


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """The only page that is left to somebody without the second factor that is asked for."""
    if not getattr(request, "second_factor_is_missing", False):
        return HttpResponseRedirect(reverse("accounts:security"))
    return render(request, "accounts/second_factor.html")


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def tie_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Cut the tie to the other sign-in service: it no longer leads into this account."""
    user = cast(User, request.user)
    tie = queries.tie_of(user, pk)
    if request.method != "POST":
        return render(request, "accounts/tie_removal.html", {"tie": tie})
    if not user.has_usable_password():
        messages.error(request, _("Please set a password first: this is your only way in."))
    else:
        actions.cut_tie(tie)
        messages.success(request, _("The other sign-in service no longer leads here."))
    return HttpResponseRedirect(reverse("accounts:security"))


@require_POST
def sign_in_end(request: HttpRequest, code: str) -> HttpResponse:
    """Sign one device out, from afar."""
    sign_in = queries.sign_in_of(cast(User, request.user), code)
    if sign_in.session_key == request.session.session_key:
        return HttpResponseRedirect(reverse("account_logout"))
    sign_ins.end_sign_in(sign_in)
    messages.success(request, _("The device is signed out."))
    return HttpResponseRedirect(reverse("accounts:security"))


@require_POST
def other_sign_ins_end(request: HttpRequest) -> HttpResponse:
    """Sign all devices out but this one."""
    count = sign_ins.end_other_sign_ins(cast(User, request.user), keep=request.session)
    text = ngettext("%(count)s device is signed out.", "%(count)s devices are signed out.", count)
    messages.success(request, text % {"count": count})
    return HttpResponseRedirect(reverse("accounts:security"))

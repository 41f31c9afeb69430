"""Decorators for views: who may come in at all."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from healthcompanion.organisations.middleware import MemberRequest
from healthcompanion.organisations.models import Membership
from healthcompanion.organisations.rules import can_administer, can_consult, can_work

Rest = ParamSpec("Rest")
MemberView = Callable[Concatenate[MemberRequest, Rest], HttpResponseBase]


def consulting_member(
    view: MemberView[Rest],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets in who may hold consultations; everybody else finds themselves on the start page."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        membership: Membership | None = getattr(request, "membership", None)
        if not can_consult(membership):
            return HttpResponseRedirect(reverse("dashboard:home"))
        return view(cast(MemberRequest, request), *args, **kwargs)

    return guarded


def scheduling_member(
    view: MemberView[Rest],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets in who may work at all, assistants too (DEC-7); everybody else: the start page."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        if not can_work(getattr(request, "membership", None)):
            return HttpResponseRedirect(reverse("dashboard:home"))
        return view(cast(MemberRequest, request), *args, **kwargs)

    return guarded


def administrator(
    view: MemberView[Rest],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets in who manages the organisation; to everybody else the page does not exist."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        if not can_administer(getattr(request, "membership", None)):
            raise Http404
        return view(cast(MemberRequest, request), *args, **kwargs)

    return guarded

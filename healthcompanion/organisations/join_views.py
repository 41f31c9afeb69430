"""Where the link of an invitation to become a member leads (DEC-5)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from healthcompanion.organisations.invitations import invitation_behind


@login_not_required
@never_cache
@require_safe
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, and the way to the form. Mail scanners may look: nothing changes."""
    invitation = invitation_behind(token)
    context = {"invitation": invitation, "token": token}
    status = 404 if invitation is None else 200
    return render(request, "organisations/join.html", context, status=status)

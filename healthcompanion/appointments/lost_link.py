"""The public form "Link verloren?": sends links again, and never tells whether it knew (DEC-13)."""

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from healthcompanion.appointments.tasks import LOST_LINK, send_lost_links
from healthcompanion.core.errors import too_many_requests
from healthcompanion.core.sealing import seal


class LostLinkForm(forms.Form):
    """Where the invitation once went."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("Please check the address: it should look like name@example.org."),
        },
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Ask for one's link. Each address takes the same way, so that time tells nothing either."""
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"].lower()
        if not ratelimit.consume(request, action="lost_link", key=address):
            return too_many_requests(request)
        send_lost_links.enqueue(seal(address, purpose=LOST_LINK))
        return redirect("appointments:lost-link-sent")
    status = 422 if form.is_bound else 200
    return render(request, "appointments/lost_link.html", {"form": form}, status=status)


@login_not_required
@never_cache
@require_safe
def lost_link_sent(request: HttpRequest) -> HttpResponse:
    """The same words for everybody."""
    return render(request, "appointments/lost_link_sent.html")

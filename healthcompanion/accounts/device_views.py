""" "Audio & Video" in the settings (section 11.3)."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from healthcompanion.accounts.forms import DevicesForm
from healthcompanion.accounts.models import User
from healthcompanion.accounts.preferences import choose_devices
from healthcompanion.accounts.queries import preferences_of


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """The lists are the browser's; what is kept here are the names of the devices (AV-1)."""
    user = cast(User, request.user)
    data = request.POST if request.method == "POST" else None
    form = DevicesForm(data, instance=preferences_of(user))
    if form.is_valid():
        choose_devices(user, **form.cleaned_data)
        messages.success(request, _("Your devices are saved. The next call uses them."))
        return HttpResponseRedirect(reverse("accounts:devices"))
    status = 422 if form.is_bound else 200
    return render(request, "accounts/devices.html", {"form": form}, status=status)

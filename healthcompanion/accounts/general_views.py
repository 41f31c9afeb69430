""" "Allgemein" and "Profil" in the settings (sections 11.2 and 11.3)."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthcompanion.accounts import pictures, preferences
from healthcompanion.accounts.addresses import waiting_address
from healthcompanion.accounts.forms import ProfileForm
from healthcompanion.accounts.models import User
from healthcompanion.accounts.picture_forms import PictureForm
from healthcompanion.accounts.queries import preferences_of
from healthcompanion.accounts.verification import verification_of


@require_safe
def general(request: HttpRequest) -> HttpResponse:
    """Language and switches; each takes effect at once."""
    chosen = preferences_of(cast(User, request.user))
    rows = [(switch, getattr(chosen, switch.field)) for switch in preferences.SWITCHES]
    return render(request, "accounts/general.html", {"rows": rows})


@require_POST
def switch(request: HttpRequest, name: str) -> HttpResponse:
    """Turn one switch on or off: the state that is wished for is said, never "the other one"."""
    try:
        preferences.turn(cast(User, request.user), name, on=request.POST.get("on") == "1")
    except KeyError as unknown:
        raise Http404 from unknown
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("accounts:general"))


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and address of the account are to be read, the contact data to be changed (PRO-1-4)."""
    user = cast(User, request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your contact data are saved."))
        return HttpResponseRedirect(reverse("accounts:profile"))
    return _profile(request, form, PictureForm())


def _profile(request: HttpRequest, form: ProfileForm, picture: PictureForm) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "form": form,
        "picture_form": picture,
        "waiting_address": waiting_address(user),
        "verification": verification_of(user),
    }
    status = 422 if form.is_bound or picture.is_bound else 200
    return render(request, "accounts/profile.html", context, status=status)


@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """A picture of oneself, in place of the former one (PRO-6)."""
    user = cast(User, request.user)
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _profile(request, ProfileForm(instance=user), form)
    pictures.set_picture(user, form.cleaned_data["file"])
    messages.success(request, _("Your picture is saved."))
    return HttpResponseRedirect(reverse("accounts:profile"))


@require_POST
def picture_removal(request: HttpRequest) -> HttpResponse:
    """Only the initials are left."""
    if pictures.remove_picture(cast(User, request.user)):
        messages.success(request, _("Your picture is removed."))
    return HttpResponseRedirect(reverse("accounts:profile"))

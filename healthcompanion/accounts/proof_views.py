""" "Approbationsnachweis": a professional shows that they may practise (DEC-11)."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from healthcompanion.accounts import verification
from healthcompanion.accounts.documents import ProofForm, document_response
from healthcompanion.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """Where the check stands, and the way to show a document."""
    user = cast(User, request.user)
    form = ProofForm(request.POST, request.FILES) if request.method == "POST" else ProofForm()
    if form.is_valid():
        try:
            verification.submit_proof(user, *form.cleaned_data["file"])
        except verification.AlreadyVerified:
            messages.success(request, _("You are verified already."))
        else:
            messages.success(request, _("Your document has arrived. We write to you about it."))
        return redirect("accounts:proof")
    context = {
        "form": form,
        "verification": verification.verification_of(user),
        "requires_verification": settings.HC_REQUIRE_VERIFIED_PROFESSIONALS,
    }
    return render(request, "accounts/proof.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def proof_document(request: HttpRequest) -> HttpResponse:
    """The document as one has uploaded it."""
    row = verification.verification_of(cast(User, request.user))
    if row is None:
        raise Http404
    return document_response(row)

"""How a phone in the same network learns to trust the demo. Only there; elsewhere 404."""

from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from healthcompanion.dashboard import demo
from healthcompanion.realtime import certificates, lan


def _authority() -> x509.Certificate:
    """This computer's own authority; Http404 where real certificates are the proxy's matter."""
    found = None
    if settings.HC_DEMO and settings.SECURE:
        found = certificates.authority_of(lan.folder(settings.HC_DATA_DIR))
    if found is None:
        raise Http404
    return found


@login_not_required
@never_cache
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Two steps: install the certificate, open the invitation. Read over plain http, so without
    cookies: the language stands in the address.
    """
    authority = _authority()
    wanted = request.GET.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
        request.LANGUAGE_CODE = wanted
    name = authority.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    context = {
        "certificate_name": name,
        "fingerprint": certificates.fingerprint(authority),
        "computer": urlsplit(settings.HC_BASE_URL).hostname,
        "invitation_url": demo.invitation(),
        "is_android": "Android" in request.headers.get("User-Agent", ""),
    }
    return render(request, "realtime/phone.html", context)


@login_not_required
@never_cache
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """The authority's certificate, in the form that phones offer to install."""
    content = _authority().public_bytes(Encoding.DER)
    headers = {"Content-Disposition": 'attachment; filename="healthcompanion.crt"'}
    return HttpResponse(content, content_type="application/x-x509-ca-cert", headers=headers)

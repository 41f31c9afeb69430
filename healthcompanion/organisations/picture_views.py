"""Pictures of colleagues and the logo, for members; guests get them within their pages."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from healthcompanion.accounts.models import User
from healthcompanion.organisations.queries import picture_for


@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """A WebP that never changes: another picture has another code."""
    row = picture_for(cast(User, request.user), getattr(request, "membership", None), code)
    response = HttpResponse(bytes(row.data), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["Content-Disposition"] = "inline"
    return response

"""What every template may know about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo and mails are kept, who runs it, what is offered, who lets in."""
    return {
        "demo": settings.HC_DEMO,
        "outbox": settings.HC_OUTBOX,
        "operator": settings.HC_OPERATOR,
        "base_url": settings.HC_BASE_URL,
        "still_images": settings.HC_STILL_IMAGES,
        "oidc_name": settings.HC_OIDC_NAME,
    }

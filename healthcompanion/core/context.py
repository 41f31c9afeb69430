"""What every template may know about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, whether mails are kept, who runs it, and who else lets in."""
    return {
        "demo": settings.HC_DEMO,
        "outbox": settings.HC_OUTBOX,
        "operator": settings.HC_OPERATOR,
        "base_url": settings.HC_BASE_URL,
        "oidc_name": settings.HC_OIDC_NAME,
    }

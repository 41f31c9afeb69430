"""Tells at the start, not at the first SMS, that a gateway's address cannot be read."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from healthcompanion.notifications.sms import gateway

EXAMPLE = "+4915123456789"


@register()
def sms_gateway(**kwargs: Any) -> list[CheckMessage]:
    """Whether Apprise understands HC_SMS_URL. Its import is slow: only where one is set."""
    if settings.HC_SMS_URL and gateway(EXAMPLE) is None:
        return [
            Error(
                "HC_SMS_URL is not an address that Apprise understands.",
                hint="See https://github.com/caronc/apprise/wiki for the form of each gateway.",
                id="notifications.E001",
            )
        ]
    return []

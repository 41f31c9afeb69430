"""Headers that every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What our own pages may ask the browser for; everything else is off, also for embedded pages.
PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
    "picture-in-picture=(self), screen-wake-lock=(self), autoplay=(self), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "geolocation=(), payment=(), usb=(), serial=(), midi=(), "
    "accelerometer=(), gyroscope=(), magnetometer=(), browsing-topics=()"
)


class PermissionsPolicyMiddleware:
    """Sets `Permissions-Policy` (W3C) on every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

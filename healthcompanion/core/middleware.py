"""What concerns every request and every answer."""

from collections.abc import Callable

from csp.constants import WASM_UNSAFE_EVAL
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

# What our own pages may ask the browser for; everything else is off, also for embedded pages.
PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
    "picture-in-picture=(self), screen-wake-lock=(self), autoplay=(self), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "geolocation=(), payment=(), usb=(), serial=(), midi=(), "
    "accelerometer=(), gyroscope=(), magnetometer=(), browsing-topics=()"
)
LOOPBACK = {"127.0.0.1", "[::1]"}
PROBES = {"/healthz", "/readyz"}


class PermissionsPolicyMiddleware:
    """Sets `Permissions-Policy` (W3C) on every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class WasmMiddleware:
    """Lets a page run WebAssembly where its template says that it must: `{% allow_wasm %}`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "needs_wasm", False):
            before = getattr(response, "_csp_update", None) or {}
            wasm = {**before, "script-src": [*before.get("script-src", []), WASM_UNSAFE_EVAL]}
            response._csp_update = wasm  # type: ignore[attr-defined]  # as django-csp's decorators do
        return response


class LoopbackMiddleware:
    """Sends `127.0.0.1` on to `localhost`: sockets and passkeys know the public address only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _, port = request.get_host().rpartition(":")
        is_page = request.method == "GET" and request.path not in PROBES
        named = f"http://localhost:{port}"
        if is_page and host in LOOPBACK and named in settings.HC_ORIGINS:
            return HttpResponseRedirect(named + request.get_full_path())
        return self.get_response(request)

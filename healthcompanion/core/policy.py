"""What browsers may do with our pages (Content Security Policy Level 3, Trusted Types)."""

from typing import Any

from csp.constants import NONCE, NONE, SELF


def content_security_policy(socket_origin: str, form_origins: list[str]) -> dict[str, Any]:
    """For django-csp: our own files and the socket at `socket_origin` alone.

    `form_origins` are those to which a form of ours may lead on: the sign-in service's.
    """
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF, NONCE],
            "style-src": [SELF],
            "img-src": [SELF, "data:", "blob:"],
            "media-src": [SELF, "blob:"],
            "font-src": [SELF],
            "connect-src": [SELF, socket_origin],
            "frame-src": [SELF],
            "manifest-src": [SELF],
            "object-src": [NONE],
            "base-uri": [NONE],
            "form-action": [SELF, *form_origins],
            "frame-ancestors": [NONE],
            # No script can be made from text; the one policy is htmx's, which checks nonces.
            "require-trusted-types-for": ["'script'"],
            "trusted-types": ["htmx"],
        }
    }

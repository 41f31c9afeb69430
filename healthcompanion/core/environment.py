"""Settings from the environment: `HC_*` names, `*_FILE` for secrets, wrong text is an error."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The value of `name`, or `default` where it is not set."""
    return os.environ.get(name, default)


def boolean(name: str, *, default: bool) -> bool:
    """True or false from a handful of plain words; anything else stops the start."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, on, off; not {value!r}.")


def integer(name: str, default: int) -> int:
    """A whole number; anything else stops the start."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: list[str]) -> list[str]:
    """A list of words separated by commas or blanks."""
    value = os.environ.get(name)
    return default if value is None else value.replace(",", " ").split()


def secret(name: str) -> str:
    """The value of `name`, or the content of the file that `name`_FILE points to, or ''."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    return os.environ.get(name, "")


def base_url(name: str, default: str) -> str:
    """The public address: scheme, host and port, which is also the origin of our pages."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{name} must look like https://video.example.org.")
    return value


def email_settings(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings from `smtp://user:password@host:port` or `smtps://…`.

    `?starttls=1` asks for STARTTLS, which is what port 587 speaks.
    Raises ImproperlyConfigured for other schemes.
    """
    parts = urlsplit(url)
    starttls = parse_qs(parts.query).get("starttls", ["0"])[0].lower()
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError:
        port = 0
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not port:
        raise ImproperlyConfigured("HC_EMAIL_URL must look like smtp://user:password@host:port.")
    if starttls not in TRUE | FALSE or (starttls in TRUE and parts.scheme == "smtps"):
        raise ImproperlyConfigured("HC_EMAIL_URL: starttls is 1 or 0, and 0 with smtps://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": starttls in TRUE,
        "EMAIL_TIMEOUT": 10,
    }


def oidc_settings() -> dict[str, Any]:
    """Settings for one OpenID Connect provider out of `HC_OIDC_*`; switched off without them.

    Raises ImproperlyConfigured where only some are set, or the issuer is no address.
    """
    issuer, client = text("HC_OIDC_ISSUER").rstrip("/"), text("HC_OIDC_CLIENT_ID")
    given = {bool(issuer), bool(client), bool(secret("HC_OIDC_CLIENT_SECRET"))}
    if len(given) > 1:
        raise ImproperlyConfigured(
            "HC_OIDC_ISSUER, HC_OIDC_CLIENT_ID, HC_OIDC_CLIENT_SECRET (or _FILE) belong together."
        )
    if not issuer:
        return {"HC_OIDC_NAME": "", "HC_OIDC_ORIGINS": [], "SOCIALACCOUNT_PROVIDERS": {}}
    parts = urlsplit(issuer)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise ImproperlyConfigured("HC_OIDC_ISSUER must look like https://login.example.org/realm.")
    app = {
        "provider_id": "sso",
        "name": text("HC_OIDC_NAME", parts.hostname),
        "client_id": client,
        "secret": secret("HC_OIDC_CLIENT_SECRET"),
        "settings": {"server_url": issuer},
    }
    return {
        "HC_OIDC_NAME": app["name"],
        # Where the sign-in form may lead: most providers have their pages at the issuer's host.
        "HC_OIDC_ORIGINS": words("HC_OIDC_ORIGINS", [f"{parts.scheme}://{parts.netloc}"]),
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}},
    }


def sms_url(name: str) -> str:
    """Apprise's address of an SMS gateway with `{to}` for the number, or ''.

    Whether Apprise can read it is a system check: asking here would import it at every start.
    """
    value = secret(name)
    if value and (value.count("{to}") != 1 or "://" not in value):
        raise ImproperlyConfigured(f"{name} must look like gateway://account/{{to}}.")
    return value

"""All settings in one file, driven by the environment. Development works with no variable set."""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from healthcompanion.core import environment, keys, logs, operator, policy

BASE_DIR = Path(__file__).resolve().parent.parent

# -- what kind of installation this is ---------------------------------------------------------
DEBUG = environment.boolean("HC_DEBUG", default=False)
HC_BASE_URL = environment.base_url("HC_BASE_URL", "http://localhost:8000")
HC_DATA_DIR = Path(environment.text("HC_DATA_DIR", str(BASE_DIR / "var")))
SECURE = HC_BASE_URL.startswith("https://")
# Browsers take such a cookie from this very host only, over TLS (RFC 6265bis, 4.1.3.2).
HC_COOKIE_PREFIX = "__Host-" if SECURE else ""
# An address that begins with https is for real people unless somebody says otherwise.
HC_DEMO = environment.boolean("HC_DEMO", default=not SECURE)
BASE_HOST = HC_BASE_URL.split("://", 1)[1].split("/", 1)[0]

KEYS = keys.load(HC_DATA_DIR, demo=HC_DEMO)
SECRET_KEY, *SECRET_KEY_FALLBACKS = KEYS["HC_SECRET_KEY"]
HC_LINK_KEYS = KEYS["HC_LINK_KEY"]
HC_MASTER_KEYS = KEYS["HC_MASTER_KEY"]

ALLOWED_HOSTS = environment.words(
    "HC_ALLOWED_HOSTS", [BASE_HOST.rsplit(":", 1)[0], "localhost", "127.0.0.1"]
)
HC_ORIGINS = [HC_BASE_URL]  # whose pages may open a websocket
if HC_DEMO and SECURE and ":" in BASE_HOST:  # the demo in a network, at home on its own computer
    HC_ORIGINS.append(f"http://localhost:{BASE_HOST.rpartition(':')[2]}")
CSRF_TRUSTED_ORIGINS = HC_ORIGINS

# -- who runs it (imprint, mails) --------------------------------------------------------------
HC_OPERATOR, DEFAULT_FROM_EMAIL = operator.load(demo=HC_DEMO)
HC_SUPPORT_EMAIL = environment.text("HC_SUPPORT_EMAIL", HC_OPERATOR["email"])  # DEC-30
HC_TERMS_VERSION = environment.text("HC_TERMS_VERSION", "2026-11")
HC_PRIVACY_VERSION = environment.text("HC_PRIVACY_VERSION", "2026-11-23")

# -- rules that an operator may want to change -------------------------------------------------
HC_LINK_DAYS = environment.integer("HC_LINK_DAYS", 92)  # INV-4: three months, never less
HC_RING_SECONDS = environment.integer("HC_RING_SECONDS", 45)  # DEC-16
HC_MAX_PERSONS = environment.integer("HC_MAX_PERSONS", 5)  # DEC-26, host included
if not 2 <= HC_MAX_PERSONS <= 9:  # A24: a therapist and eight
    raise ImproperlyConfigured("HC_MAX_PERSONS must be between 2 and 9.")
HC_STILL_IMAGES = environment.boolean("HC_STILL_IMAGES", default=True)  # DEC-19
HC_SILENCE_SECONDS = environment.integer("HC_SILENCE_SECONDS", 60)  # pages speak every 25
# Relays for networks without a direct path (RFC 8656); both or neither.
HC_TURN_URLS = environment.words("HC_TURN_URLS", [])
HC_TURN_SECRET = environment.secret("HC_TURN_SECRET")
HC_TURN_SECONDS = environment.integer("HC_TURN_SECONDS", 10 * 60)  # renewed inside a call
if bool(HC_TURN_URLS) != bool(HC_TURN_SECRET):
    raise ImproperlyConfigured("HC_TURN_URLS and HC_TURN_SECRET (or _FILE) belong together.")

# -- parts -------------------------------------------------------------------------------------
INSTALLED_APPS = [  # ours first: our templates win over those of libraries
    "healthcompanion.core",
    "healthcompanion.accounts",
    "healthcompanion.organisations",
    "healthcompanion.notifications",
    "healthcompanion.support",
    "healthcompanion.guests",
    "healthcompanion.appointments",
    "healthcompanion.calls",
    "healthcompanion.statistics",
    "healthcompanion.compliance",
    "healthcompanion.dashboard",
    "healthcompanion.backoffice",
    "healthcompanion.realtime",
    "django.contrib.admin.apps.SimpleAdminConfig",  # no site of its own: ours is in backoffice
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "healthcompanion.core.middleware.PermissionsPolicyMiddleware",
    "healthcompanion.core.middleware.LoopbackMiddleware",
    "csp.middleware.CSPMiddleware",
    "healthcompanion.core.middleware.WasmMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "healthcompanion.accounts.middleware.SteadySessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "healthcompanion.organisations.middleware.TenantMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "healthcompanion.accounts.middleware.SignInMiddleware",
    "healthcompanion.organisations.second_factor.SecondFactorMiddleware",
    "healthcompanion.accounts.too_busy.TooBusyMiddleware",
    "healthcompanion.guests.middleware.LinkGoneMiddleware",
]
ROOT_URLCONF = "healthcompanion.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "healthcompanion/core/templates"],  # error pages before allauth's
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "healthcompanion.core.context.installation",
                "healthcompanion.dashboard.context.shell",
            ],
        },
    }
]

# -- data --------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        environment.secret("HC_DATABASE_URL") or f"sqlite:///{HC_DATA_DIR}/healthcompanion.sqlite3"
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN: without it, two read-then-write transactions
    # deadlock and one is refused at once, whatever the time-out says.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
# Opening a connection costs more than most questions do: each thread keeps its own for a while.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# Without it, one process serves everything; with it, several nodes hear each other.
HC_REDIS_URL = environment.secret("HC_REDIS_URL")
CACHES: dict[str, dict[str, object]] = {
    name: {"BACKEND": "healthcompanion.core.cache.OwnCache", "LOCATION": name}
    for name in ("default", "own")
}
if HC_REDIS_URL:  # limits of tries, and codes that were used, count on all nodes together
    CACHES["default"] = {
        "BACKEND": "healthcompanion.core.cache.SharedCache",
        "LOCATION": HC_REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# -- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["healthcompanion.accounts.backend.SignInBackend"]
PASSWORD_HASHERS = [
    "healthcompanion.accounts.hashers.BoundedArgon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "healthcompanion.accounts.validators.CharacterClassValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["first_name", "last_name", "full_name", "email"]},
    },
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "healthcompanion.notifications.account_mails.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # queued and dropped: as much work as for known ones
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# A clinic comes to work at eight behind one address: failures stay rare, successes need not.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "lost_link": "20/m/ip,3/m/key", "oidc": "20/m/ip"}
ACCOUNT_RATE_LIMITS["join_id"] = "20/h/ip"  # of three thousand million
ACCOUNT_RATE_LIMITS["support"] = "5/h/key"
ACCOUNT_RATE_LIMITS["address"] = "30/h/key"  # new addresses of members, of one organisation
ACCOUNT_RATE_LIMITS["device_check"] = "10/m/key"  # each result is a line in the history
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
ACCOUNT_FORMS = {"signup": "healthcompanion.organisations.forms.RegistrationForm"}
# DEC-11, A13: who is not checked by the operator invites and calls nobody.
HC_REQUIRE_VERIFIED_PROFESSIONALS = environment.boolean(
    "HC_REQUIRE_VERIFIED_PROFESSIONALS", default=not HC_DEMO
)
# Second factors (B7). Every passkey knows its person, so that it can sign in alone.
HC_REQUIRE_SECOND_FACTOR = environment.boolean("HC_REQUIRE_SECOND_FACTOR", default=not HC_DEMO)
MFA_ADAPTER = "healthcompanion.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers themselves allow only localhost
MFA_TOTP_ISSUER = "HealthCompanion"
MFA_TOTP_TOLERANCE = 1  # one period of 30 s before and after, for clocks and slow fingers
MFA_FORMS = {
    "authenticate": "healthcompanion.accounts.second_factor.SecondFactorForm",
    "reauthenticate": "healthcompanion.accounts.second_factor.SecondFactorAgainForm",
    "activate_totp": "healthcompanion.accounts.second_factor.AuthenticatorAppForm",
    "add_webauthn": "healthcompanion.accounts.passkeys.PasskeyForm",
    "authenticate_webauthn": "healthcompanion.accounts.passkeys.PasskeyAfterPasswordForm",
    "reauthenticate_webauthn": "healthcompanion.accounts.passkeys.PasskeyAgainForm",
    "login_webauthn": "healthcompanion.accounts.passkeys.PasskeyAloneForm",
}
# Another way in beside the password: one OpenID Connect provider, where one is configured.
OIDC = environment.oidc_settings()
HC_OIDC_NAME: str = OIDC["HC_OIDC_NAME"]
SOCIALACCOUNT_PROVIDERS: dict[str, object] = OIDC["SOCIALACCOUNT_PROVIDERS"]
SOCIALACCOUNT_ADAPTER = "healthcompanion.accounts.oidc.OpenIDAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 3
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = f"{HC_COOKIE_PREFIX}hc_session"
CSRF_COOKIE_NAME = f"{HC_COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in a meta element

# -- mail --------------------------------------------------------------------------------------
HC_EMAIL_URL = environment.secret("HC_EMAIL_URL")
# Without an address to send by, the demo keeps mails and shows them: the "Postausgang".
HC_OUTBOX = HC_DEMO and not HC_EMAIL_URL
if HC_EMAIL_URL:
    globals().update(environment.email_settings(HC_EMAIL_URL))
elif HC_OUTBOX:
    EMAIL_BACKEND = "healthcompanion.notifications.outbox.OutboxBackend"
else:
    raise ImproperlyConfigured("HC_EMAIL_URL must be set when HC_DEMO is off.")

# Apprise's address of an SMS gateway; without one, the demo keeps SMS as it keeps mails.
HC_SMS_URL = environment.sms_url("HC_SMS_URL")
HC_SMS_OUTBOX = HC_OUTBOX and not HC_SMS_URL

# -- language, time ----------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "hc_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "healthcompanion/locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
FORMAT_MODULE_PATH = "healthcompanion.core.formats"

# -- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = HC_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# -- what browsers may do ----------------------------------------------------------------------
SOCKET_ORIGIN = HC_BASE_URL.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = policy.content_security_policy(SOCKET_ORIGIN, OIDC["HC_OIDC_ORIGINS"])
# Not "no-referrer": browsers would send "Origin: null" with our forms, which CSRF checks refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not in the demo: it would forbid "localhost" plain http for a year, for every program.
SECURE_HSTS_SECONDS = 31536000 if SECURE and not HC_DEMO else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

LOGGING = logs.configuration(environment.text("HC_LOG_LEVEL", "INFO"))

"""All addresses. English paths, no language prefix."""

from allauth.account import urls as allauth
from django.urls import include, path

# Of allauth's pages, those that we show. An e-mail address changes by request (DEC-10).
SIGN_IN_PAGES = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_reauthenticate",
}

handler400 = "healthcompanion.core.errors.bad_request"
handler500 = "healthcompanion.core.errors.server_error"
handler429 = "healthcompanion.core.errors.too_many_requests"  # allauth looks for it

urlpatterns = [
    path("", include("healthcompanion.core.urls")),
    path("", include("healthcompanion.accounts.urls")),
    path(
        "accounts/", include([page for page in allauth.urlpatterns if page.name in SIGN_IN_PAGES])
    ),
    path("", include("healthcompanion.accounts.allauth_urls")),
    path("", include("healthcompanion.organisations.urls")),
    path("", include("healthcompanion.notifications.urls")),
    path("", include("healthcompanion.support.urls")),
    path("", include("healthcompanion.guests.urls")),
    path("", include("healthcompanion.appointments.urls")),
    path("", include("healthcompanion.calls.urls")),
    path("", include("healthcompanion.compliance.urls")),
    path("", include("healthcompanion.dashboard.urls")),
    path("", include("healthcompanion.dashboard.administration_urls")),
    path("", include("healthcompanion.backoffice.urls")),
    path("", include("healthcompanion.realtime.urls")),
]

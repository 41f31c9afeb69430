"""django-allauth's pages for second factors and OpenID Connect, those that we show."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as other
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from healthcompanion.accounts import entrance_views, security_views

overview = RedirectView.as_view(pattern_name="accounts:security")

urlpatterns = [
    # on the way in
    path("accounts/second-factor/", base.authenticate, name="mfa_authenticate"),
    path("accounts/passkey/", entrance_views.sign_in_by_passkey, name="mfa_login_webauthn"),
    path(
        "accounts/oidc/<str:provider_id>/",
        entrance_views.sign_in_elsewhere,
        name="openid_connect_login",
    ),
    path(
        "accounts/oidc/<str:provider_id>/callback/", oidc.callback, name="openid_connect_callback"
    ),
    path("accounts/oidc-cancelled/", other.login_cancelled, name="socialaccount_login_cancelled"),
    path(
        "accounts/oidc-error/",
        login_not_required(other.login_error),
        name="socialaccount_login_error",
    ),
    # once more, before something grave
    path("accounts/reauthenticate/code/", base.reauthenticate, name="mfa_reauthenticate"),
    path(
        "accounts/reauthenticate/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    # below "Sicherheit"; allauth leads back to names that are one page here
    path("settings/security/overview/", overview, name="mfa_index"),
    path("settings/security/passkeys/", overview, name="mfa_list_webauthn"),
    path("settings/security/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path(
        "settings/security/passkeys/<int:pk>/removal/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path("settings/security/app/", app.activate_totp, name="mfa_activate_totp"),
    path("settings/security/app/removal/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "settings/security/codes/",
        security_views.readable(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "settings/security/codes/new/",
        security_views.readable(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "settings/security/codes/file/",
        security_views.readable(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

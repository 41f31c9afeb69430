from django.urls import include, path

from healthcompanion.accounts import (
    address_views,
    device_views,
    general_views,
    proof_views,
    security_views,
    views,
)

app_name = "accounts"
security = [
    path("", security_views.security, name="security"),
    path("second-factor/", security_views.second_factor, name="second-factor"),
    path("services/<int:pk>/removal/", security_views.tie_removal, name="tie-removal"),
    path("sign-ins/end/", security_views.other_sign_ins_end, name="other-sign-ins-end"),
    path("sign-ins/<str:code>/end/", security_views.sign_in_end, name="sign-in-end"),
]
urlpatterns = [
    path("language/", views.language, name="language"),
    path("settings/", security_views.settings_home, name="settings"),
    path("settings/general/", general_views.general, name="general"),
    path("settings/general/<slug:name>/", general_views.switch, name="switch"),
    path("settings/profile/", general_views.profile, name="profile"),
    path("settings/profile/picture/", general_views.picture, name="picture"),
    path(
        "settings/profile/picture/removal/", general_views.picture_removal, name="picture-removal"
    ),
    path("settings/profile/address/<str:token>/", address_views.address, name="address"),
    path(
        "settings/profile/address-withdrawal/",
        address_views.address_withdrawal,
        name="address-withdrawal",
    ),
    path("settings/profile/proof/", proof_views.proof, name="proof"),
    path("settings/profile/proof/document/", proof_views.proof_document, name="proof-document"),
    path("settings/devices/", device_views.devices, name="devices"),
    path("settings/security/", include(security)),
]

from django.urls import path

from healthcompanion.support import change_views, views

app_name = "support"
urlpatterns = [
    path("settings/support/", views.support, name="support"),
    path("settings/profile/change/", change_views.change, name="change"),
    path(
        "settings/profile/change/withdrawal/",
        change_views.change_withdrawal,
        name="change-withdrawal",
    ),
]

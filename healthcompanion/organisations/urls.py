from django.urls import path

from healthcompanion.organisations import join_views, settings_views

app_name = "organisations"
urlpatterns = [
    path("join/<str:token>/", join_views.join, name="join"),
    path("settings/organisation/", settings_views.organisation, name="organisation"),
]

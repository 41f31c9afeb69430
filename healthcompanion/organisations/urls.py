from django.urls import path

from healthcompanion.organisations import join_views, picture_views, settings_views

app_name = "organisations"
urlpatterns = [
    path("pictures/<slug:code>/", picture_views.picture, name="picture"),
    path("join/<str:token>/", join_views.join, name="join"),
    path("settings/organisation/", settings_views.organisation, name="organisation"),
]

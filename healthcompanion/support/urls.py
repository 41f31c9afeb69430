from django.urls import path

from healthcompanion.support import views

app_name = "support"
urlpatterns = [path("settings/support/", views.support, name="support")]

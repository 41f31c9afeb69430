from django.urls import path

from healthcompanion.core import health, views

app_name = "core"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("csrf/", views.csrf, name="csrf"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/errors/<slug:name>/", views.styleguide_error, name="styleguide-error"),
]

from django.urls import path

from healthcompanion.compliance import views

app_name = "compliance"
urlpatterns = [
    path("imprint/", views.imprint, name="imprint"),
    path("privacy/", views.privacy, name="privacy"),
    path("terms/", views.terms, name="terms"),
]

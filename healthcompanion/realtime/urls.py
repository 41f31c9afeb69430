from django.urls import path

from healthcompanion.realtime import views

app_name = "realtime"
urlpatterns = [
    path("phone/", views.phone, name="phone"),
    path("phone/certificate/", views.certificate, name="certificate"),
]

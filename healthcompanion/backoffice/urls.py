from django.urls import path

from healthcompanion.backoffice import organisations, people, requests  # noqa: F401 -- register
from healthcompanion.backoffice.site import site

urlpatterns = [path("backoffice/", site.urls)]

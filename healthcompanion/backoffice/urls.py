from django.urls import path

from healthcompanion.backoffice import (  # noqa: F401 -- they register
    changes,
    organisations,
    people,
    proofs,
    requests,
)
from healthcompanion.backoffice.site import site

urlpatterns = [path("backoffice/", site.urls)]

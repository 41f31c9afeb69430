"""The operator's area: Django's admin with its own door, addresses and pages (DEC-36).

Of Django's admin it uses the registry and the lists (search, filters, pages). Every page only
shows; what changes something is an action of the room that owns the row, so the audit trail tells
of it like of everything else, and no page can change a field that nobody thought of.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from healthcompanion.accounts.models import User
from healthcompanion.accounts.rules import has_second_factor

NAME = "backoffice"
STAFF_SECONDS = 60 * 60  # then the staff prove again who they are; what was typed is not lost
View = Callable[..., HttpResponseBase]


class BackOffice(AdminSite):
    """To everybody but the operator's staff these pages do not exist."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff with a second factor."""
        user = request.user
        return isinstance(user, User) and user.is_staff and has_second_factor(user)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Lets in staff who have proved within the hour who they are."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            if not _proved_lately(request):
                raise ReauthenticationRequired
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    def get_urls(self) -> list[Any]:
        pages: list[Any] = [path("", self.admin_view(require_safe(self.home)), name="home")]
        for section in self.sections:
            pages.append(path(f"{section.path}/", include(section.get_urls())))
        return pages

    @property
    def sections(self) -> list[Any]:
        """What urls.py imports (sections.Section), in the order of the navigation."""
        known: list[Any] = list(self._registry.values())
        return sorted(known, key=lambda section: section.order)

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        return self.get_urls(), NAME, self.name

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of Django's admin gets: here the navigation alone."""
        return {"sections": self.sections}

    def home(self, request: HttpRequest) -> HttpResponseBase:
        """What waits for the staff."""
        return render(request, "backoffice/home.html", self.each_context(request))


def _proved_lately(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < STAFF_SECONDS


site = BackOffice(name=NAME)

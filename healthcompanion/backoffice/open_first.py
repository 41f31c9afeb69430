"""The filter of lists that somebody works off."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OpenFirst(SimpleListFilter):
    """The open rows, unless somebody asks for the others."""

    title = _("State")
    parameter_name = "state"
    OPEN, CLOSED = "open", "closed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.OPEN, _("To do")), (self.CLOSED, _("Done"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        wanted = self.value() or self.OPEN
        for value, label in self.lookup_choices:
            yield {
                "selected": value == wanted,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == self.CLOSED:
            return queryset.exclude(state=self.OPEN).order_by("-pk")
        return queryset.filter(state=self.OPEN)

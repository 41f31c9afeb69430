"""What the sections of the back office have in common: a list, a page of each row, decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from healthcompanion.accounts.models import User
from healthcompanion.backoffice.history import history_of
from healthcompanion.backoffice.searching import with_words
from healthcompanion.core import audit

Row = TypeVar("Row", bound=Model)
Text = str | Promise


@dataclass(frozen=True)
class Decision:
    """A page that asks once more before something happens, and what happens then.

    `act` gets the row, the member of staff and the form's values; what it returns is told to them.
    It may raise Refused.
    """

    name: str
    title: Text
    text: Text
    label: Text
    act: Callable[..., Text]
    form: type[forms.Form] = forms.Form
    grave: bool = False


class Refused(Exception):
    """It cannot be done at present; carries the sentence that says why."""


class Section(ModelAdmin[Row]):
    """A list of rows and a page of each. Nothing is added, changed or deleted by Django itself."""

    order: ClassVar[int]  # in the navigation
    path: ClassVar[str]
    name: ClassVar[str]  # of one row, in addresses
    icon: ClassVar[str]
    title: ClassVar[Text]
    intro: ClassVar[Text]
    empty: ClassVar[Text]
    decisions: ClassVar[tuple[Decision, ...]] = ()
    change_list_template = "backoffice/list.html"
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of a row and its decisions; of Django's own pages the list alone."""
        guard = self.admin_site.admin_view
        pages = [
            path("", guard(require_safe(self.changelist_view)), name=f"{self.name}-list"),
            path("<slug:code>/", guard(require_safe(self.detail)), name=f"{self.name}-detail"),
        ]
        for decision in self.decisions:
            view = require_http_methods(["GET", "HEAD", "POST"])(self._asking(decision))
            pages.append(
                path(
                    f"<slug:code>/{decision.name}/",
                    guard(view),
                    name=f"{self.name}-{decision.name}",
                )
            )
        return pages

    @property
    def list_name(self) -> str:
        return f"backoffice:{self.name}-list"

    @property
    def detail_name(self) -> str:
        return f"backoffice:{self.name}-detail"

    @property
    def row_template(self) -> str:
        return f"backoffice/_{self.name}_row.html"

    def waiting(self) -> int | None:
        """How many rows wait for the staff; None where nothing here ever does."""
        return None

    def rows(self) -> QuerySet[Row]:
        """What the section is about, with all that its pages show of it."""
        return self.model._default_manager.all()

    def details(self, row: Row) -> dict[str, Any]:
        """What the page of a row needs besides the row."""
        return {}

    def open_decisions(self, row: Row) -> set[str]:
        """The names of the decisions that make sense for the row as it is."""
        return {decision.name for decision in self.decisions}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return cast(
            TemplateResponse, super().changelist_view(request, {"section": self, "title": ""})
        )

    def detail(self, request: HttpRequest, code: str) -> HttpResponse:
        """A row with everything that the operator may know of it. That it was seen is recorded."""
        row = self._row(code)
        audit.record("backoffice.seen", row, actor=cast(User, request.user), organisation_id=None)
        context = {
            **self.admin_site.each_context(request),
            "section": self,
            "row": row,
            "history": history_of(row),
            "open_decisions": self.open_decisions(row),
            **self.details(row),
        }
        return render(request, f"backoffice/{self.name}_detail.html", context)

    def _asking(self, decision: Decision) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, code: str) -> HttpResponse:
            row = self._row(code)
            if decision.name not in self.open_decisions(row):
                raise Http404
            form = decision.form(request.POST if request.method == "POST" else None)
            if form.is_valid():
                try:
                    told = decision.act(row, actor=request.user, **form.cleaned_data)
                except Refused as refused:
                    form.add_error(None, str(refused))
                else:
                    messages.success(request, str(told))
                    return redirect(self.detail_name, code)
            context = {
                **self.admin_site.each_context(request),
                "section": self,
                "row": row,
                "decision": decision,
                "form": form,
            }
            status = 422 if form.is_bound else 200
            return render(request, "backoffice/decision.html", context, status=status)

        return view

    def _row(self, code: str) -> Row:
        row = self.rows().filter(code=code).first()
        if row is None:
            raise Http404
        return row

    # -- what Django's admin asks --------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return self.rows()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SectionList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        many = any("memberships__" in name for name in self.search_fields)
        return with_words(queryset, map(str, self.search_fields), search_term), many

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that the list shows: no guessing at fields by the address."""
        return lookup in {getattr(entry, "parameter_name", entry) for entry in self.list_filter}

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


class SectionList(ChangeList):
    """The rows of one page, and the ways to the pages beside it."""

    @property
    def filters(self) -> list[tuple[str, list[Any]]]:
        """What each filter is called, and its choices."""
        return [(str(spec.title), list(spec.choices(self))) for spec in self.filter_specs]

    @property
    def pages(self) -> int:
        return int(self.paginator.num_pages)

    @property
    def previous_url(self) -> str:
        return self._page_url(self.page_num - 1) if self.page_num > 1 else ""

    @property
    def next_url(self) -> str:
        return self._page_url(self.page_num + 1) if self.page_num < self.pages else ""

    def _page_url(self, number: int) -> str:
        return str(self.get_query_string({PAGE_VAR: number}))

"""What the pages of the logs and their exports share: one's own and the organisation's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healthcompanion.calls.call_log import DAYS, Entry, Log, LogPage, is_cursor
from healthcompanion.calls.log_forms import LogForm
from healthcompanion.core import spreadsheet

NOTHING = LogPage([], "", "")


class Beyond(Exception):
    """The address leads beyond the newest or the oldest line: the answer is the page at `url`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True)
class LogTable:
    """What the templates show: the form, the lines, and the ways to other lines."""

    form: LogForm
    path: str
    page: LogPage

    @property
    def is_cut(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.asked)

    @property
    def is_refined(self) -> bool:
        """Whether more was asked for, or is wrong, than one of the usual periods or a member."""
        usual = any(period["active"] for period in self.periods)
        named = {name for name, _typed in self.asked} & {"direction", "kind"}
        return bool(named or not usual or self.form.errors.keys() - {"member"})

    @property
    def first_url(self) -> str:
        return self._url()

    @property
    def newer_url(self) -> str:
        return self._url(before=self.page.newer) if self.page.newer else ""

    @property
    def older_url(self) -> str:
        return self._url(after=self.page.older) if self.page.older else ""

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What was asked for, to be sent along with an export."""
        data = self.form.data
        return [(name, data[name]) for name in self.form.fields if data.get(name)]

    @property
    def periods(self) -> list[dict[str, Any]]:
        """The usual periods, one tap each."""
        today = timezone.localdate()
        texts = {
            "today": (_("Today"), today, today),
            "week": (_("Last 7 days"), today - timedelta(days=6), today),
            "month": (_("Last 30 days"), today - timedelta(days=29), today),
            "all": (_("Last %(days)s days") % {"days": DAYS}, None, None),
        }
        chosen = (self.form.data.get("begin", ""), self.form.data.get("end", ""))
        return [
            {
                "label": label,
                "url": self._url(begin=str(begin or ""), end=str(end or "")),
                "active": chosen == (str(begin or ""), str(end or "")),
            }
            for label, begin, end in texts.values()
        ]

    def _url(self, **changes: str) -> str:
        values = {**dict(self.asked), **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{self.path}?{query}" if query else self.path


def table_of(form: LogForm, path: str, log: Log | None, cursors: QueryDict) -> LogTable:
    """The page that the cursors lead to; no lines where the form is wrong (`log` is None).

    Raises Beyond where there are none, or fewer than a page, beyond a cursor: lines went, or came.
    """
    if log is None:
        return LogTable(form, path, NOTHING)
    after, before = cursors.get("after", ""), cursors.get("before", "")
    if not is_cursor(after) and not is_cursor(before):
        return LogTable(form, path, log.page())
    page = log.page(before=before) if is_cursor(before) else log.page(after=after)
    if not page.entries or not page.newer:
        raise Beyond(LogTable(form, path, NOTHING).first_url)
    return LogTable(form, path, page)


def export_refused(form: LogForm, path: str) -> HttpResponseRedirect:
    """Nothing is taken along by a wrong form: the page says what is wrong."""
    return HttpResponseRedirect(LogTable(form, path, NOTHING).first_url)


def export(log: Log, *, with_member: bool = False) -> StreamingHttpResponse:
    """The lines as a file, in the language and the zone of whoever asks."""
    rows = _rows(log, with_member, translation.get_language(), timezone.get_current_timezone())
    return spreadsheet.download(f"logs-{timezone.localdate()}.csv", rows)


def _rows(log: Log, with_member: bool, language: str, zone: tzinfo) -> Iterator[list[str]]:
    # The file is written after the middleware that set both has ended.
    with translation.override(language), timezone.override(zone):
        titles = [_("Direction"), _("Contact"), _("Date"), _("Time")]
        titles += [_("Call duration"), _("Kind of call"), _("State")]
        yield [_("Member")] * with_member + titles
        for entry in log.entries():
            yield [entry.member.full_name] * with_member + _cells(entry)


def _cells(entry: Entry) -> list[str]:
    start = timezone.localtime(entry.call.rang_at)
    return [
        str(entry.direction.label),
        entry.contact_name,
        date_format(start, "SHORT_DATE_FORMAT"),
        date_format(start, "TIME_FORMAT"),
        entry.clock,
        str(entry.kind.label),
        entry.outcome,
    ]

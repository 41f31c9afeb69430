"""Tables as files that a spreadsheet opens: semicolons and a byte order mark, as German Excel
wants them; other programs ask or find out by themselves."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.http import StreamingHttpResponse
from django.utils.cache import add_never_cache_headers

MARK = "\ufeff"
# What makes a spreadsheet calculate instead of show, in the full width of East Asian keyboards too.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless(value: object) -> str:
    """The text of a cell, which no spreadsheet takes for a formula (OWASP, "CSV injection")."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of the file, one by one."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write(MARK)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def download(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A file that is written while it is sent, however long it gets."""
    response = StreamingHttpResponse(lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    return response

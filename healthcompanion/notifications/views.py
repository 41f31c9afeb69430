"""The demo's "Postausgang": every mail as its recipient would see it. Absent elsewhere."""

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from healthcompanion.notifications import queries


@login_not_required
@require_safe
def outbox_list(request: HttpRequest) -> HttpResponse:
    """Public in the demo, since it also holds the mails that confirm a new account."""
    return render(request, "notifications/outbox_list.html", {"mails": queries.outbox_mails()})


@login_not_required
@require_safe
def outbox_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One mail with its header lines; the body stands in a sandboxed frame."""
    mail = queries.outbox_mail(code)
    return render(request, "notifications/outbox_detail.html", {"mail": mail})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # typed for views without arguments
    {"frame-ancestors": ["'self'"], "style-src": ["'unsafe-inline'"], "script-src": None}
)
def outbox_body(request: HttpRequest, code: str) -> HttpResponse:
    """The HTML part alone: mails need inline styles, and run no script."""
    return HttpResponse(queries.outbox_mail(code).html)


@login_not_required
@require_safe
def outbox_attachment(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A file of a mail, to be saved and opened with the program that it is for."""
    file = queries.outbox_attachment(code, number)
    answer = HttpResponse(file["content"], content_type=f"{file['mimetype']}; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, file["name"])
    return answer

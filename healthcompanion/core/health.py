"""Whether the installation is alive and ready, for load balancers and newcomers."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from healthcompanion.core.jobs import failed_jobs


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can reach its database; 503 where it cannot. Says how many jobs were given up."""
    try:
        failed = failed_jobs().count()
    except Error:
        return HttpResponse("database\n", content_type="text/plain", status=503)
    report = f"ok\nfailed jobs: {failed}\n" if failed else "ok\n"
    return HttpResponse(report, content_type="text/plain")

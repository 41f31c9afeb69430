"""The invitation on paper, for patients without e-mail: large type, QR code, address to type."""

import qrcode
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from healthcompanion.appointments.queries import appointment_for
from healthcompanion.organisations.guards import scheduling_member
from healthcompanion.organisations.middleware import MemberRequest

QUIET = 4  # modules of white around the code (ISO/IEC 18004, 9.1)


@scheduling_member
@never_cache
@require_safe
def invitation_sheet(request: MemberRequest, code: str) -> HttpResponse:
    """ "Einladung drucken": the link on it is the one of "Link kopieren", for the same people."""
    appointment = appointment_for(request.user, code)
    context = {
        "appointment": appointment,
        "url": appointment.link_url,
        "place": appointment.organisation.time_zone.rpartition("/")[2].replace("_", " "),
        "qr": code_of(appointment.link_url),
    }
    with timezone.override(appointment.organisation.zone):
        return render(request, "appointments/invitation_sheet.html", context)


def code_of(text: str) -> dict[str, str | int]:
    """A QR code as an SVG path of unit squares, and the side's length: no style, no file."""
    drawing = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    drawing.add_data(text)
    matrix = drawing.get_matrix()
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(matrix)
        for column, is_dark in enumerate(cells)
        if is_dark
    )
    return {"path": path, "size": len(matrix)}

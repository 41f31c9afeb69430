"""The calendar file of a mail (RFC 5545, RFC 5546): the appointment for the patient's calendar.

Calendars are shared with families and employers: an entry says that there is an online
appointment, and neither with whom nor what about (DEC-12).
"""

from datetime import UTC
from email.utils import parseaddr
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications.wording import Attachment

PRODUCT = "-//HealthCompanion//Appointments//EN"


def calendar_file(appointment: Appointment) -> Attachment:
    """The appointment as it is now; for one that is off, the request to take the entry away.

    Texts are in the active language. Every program finds the same entry again by its UID.
    """
    method = "CANCEL" if appointment.is_off else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_entry(appointment))
    return Attachment(
        name=_("appointment.ics"),
        content=calendar.to_ical().decode(),
        mimetype=f"text/calendar; method={method}",
    )


def _entry(appointment: Appointment) -> Event:
    entry = Event()
    entry.add("uid", str(uuid5(NAMESPACE_URL, f"appointment:{appointment.code}")))
    entry.add("sequence", appointment.calendar_sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    # In UTC, which no later change of a zone's rules on the reader's side can shift.
    entry.add("dtstart", appointment.starts_at.astimezone(UTC))
    entry.add("dtend", appointment.ends_at.astimezone(UTC))
    entry.add("summary", _("Online appointment"))
    entry.add("class", "PRIVATE")
    # RFC 5546, 3.2: both are needed. The organiser is whoever sends the mail.
    entry.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    attendee = _address(appointment.patient.email)
    attendee.params["RSVP"] = "FALSE"
    entry.add("attendee", attendee)
    if appointment.is_off:
        entry.add("status", "CANCELLED")
        return entry
    entry.add("status", "CONFIRMED")
    entry.add("location", appointment.link_url)
    entry.add("url", appointment.link_url)
    return entry


def _address(email: str) -> vCalAddress:
    return vCalAddress(f"mailto:{email}")

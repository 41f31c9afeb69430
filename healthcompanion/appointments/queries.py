"""Questions about appointments. Fetching is authorising."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import EARLIEST_ARRIVAL, Appointment
from healthcompanion.core.matching import has_words, words_of
from healthcompanion.core.phones import readable
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import is_online, visits_that_count
from healthcompanion.organisations.queries import whose_schedule

PAST_SHOWN = 50
LINKS_SENT = 5
MAX_MINUTES = 480
PEOPLE_SHOWN = 8
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True)
class Section:
    """One of "Heute", "Weitere", "Vergangene" with its appointments (PAT-2)."""

    key: str
    title: str | Promise
    appointments: list[Appointment]


def appointments_of(user: User) -> QuerySet[Appointment]:
    """What `user` handles and was not deleted, with what a row shows: their own appointments, or
    as an assistant those of the professionals for whom they work (DEC-7)."""
    handled = whose_schedule(user).values("pk")
    return Appointment.objects.filter(professional__in=handled, deleted_at=None).select_related(
        "patient__device_check", "professional", "delivery", "sms_delivery", "organisation"
    )


def appointment_for(user: User, code: str) -> Appointment:
    """One appointment of `user`, with its visit and dot; Http404 for everybody else."""
    appointment = appointments_of(user).filter(code=code).first()
    if appointment is None:
        raise Http404
    return with_presence([appointment])[0]


def appointment_to_tell_of(reference: str, *, off: bool) -> Appointment | None:
    """What a message is about, where it is `off` (deleted or cancelled), or where it is not."""
    rows = Appointment.objects.select_related("patient", "professional", "organisation")
    appointment = rows.filter(pk=reference).first()
    return appointment if appointment is not None and appointment.is_off == off else None


def with_presence(appointments: list[Appointment]) -> list[Appointment]:
    """Fill what a row shows of the patient's visits into each appointment. One query."""
    found = visits_that_count(appointment.patient for appointment in appointments)
    for appointment in appointments:
        for visit in found.get(appointment.patient_id, []):
            visit.guest = appointment.patient
            _fill(appointment, visit)
        appointment.online = is_online(appointment.patient, appointment.visit)
    _tell_apart(appointments)
    return appointments


def _fill(appointment: Appointment, visit: Visit) -> None:
    if visit.is_open:
        appointment.visit = visit
    elif visit.consultation_at:
        appointment.held_at = visit.ended_at
    if visit.is_open or visit.consultation_at:
        appointment.confirmed_name = visit.confirmed_name
        appointment.has_other_name = bool(visit.other_name)
    came_at = visit.waiting_at
    if came_at and came_at >= appointment.starts_at - EARLIEST_ARRIVAL:
        appointment.arrived_at = appointment.arrived_at or came_at


def _tell_apart(appointments: list[Appointment]) -> None:
    """Patients of one name get a hint beside it; one person's several appointments do not."""
    known: dict[str, set[tuple[str, str]]] = {}
    for row in appointments:
        ways = (row.patient.email, row.patient.phone)
        known.setdefault(row.patient.full_name.casefold(), set()).add(ways)
    for row in appointments:
        if len(known[row.patient.full_name.casefold()]) > 1:
            row.twin_hint = row.patient.email or readable(row.patient.phone)


def today(now: datetime | None = None) -> tuple[datetime, datetime]:
    """Start and end of the present day in the activated zone, as aware times."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    following = (start + timedelta(hours=36)).replace(hour=0)  # a day has 23 to 25 hours
    return start, following


def day_of(user: User) -> tuple[list[Appointment], list[Appointment]]:
    """The appointments of the present day, and those whose patient is in the waiting room with a
    living page, both by their time. Three queries."""
    start, end = today()
    rows = appointments_of(user)
    of_today = list(rows.filter(starts_at__gte=start, starts_at__lt=end).order_by("starts_at"))
    arrived = rows.filter(patient__visits__state__in=["waiting", "called"])
    shown = {row.pk: row for row in of_today}
    waiting = [
        shown.setdefault(row.pk, row) for row in arrived.distinct().order_by("starts_at", "pk")
    ]
    with_presence(list(shown.values()))
    return of_today, [row for row in waiting if row.online]


def appointments_today(user: User) -> list[Appointment]:
    """The appointments of the present day, by time."""
    return day_of(user)[0]


def waiting_now(user: User) -> list[Appointment]:
    """Those whose patient is in the waiting room with a living page, by appointment time."""
    return day_of(user)[1]


def guests_waiting(user: User) -> list[Guest]:
    """The patients of `waiting_now`, for counting them on every page. One query."""
    rows = Visit.objects.filter(
        state__in=["waiting", "called"],
        guest__appointment__professional__in=whose_schedule(user).values("pk"),
        guest__appointment__deleted_at=None,
    )
    return [row.guest for row in rows.select_related("guest") if is_online(row.guest, row)]


def coming_appointments_of(email: str) -> list[Appointment]:
    """Whatever is still ahead for the owner of this mailbox, at any practice; the next five."""
    if not email:
        return []
    rows = Appointment.objects.filter(
        deleted_at=None,
        patient__email=email.lower(),
        patient__link_closed_at=None,
        starts_at__gt=timezone.now() - timedelta(minutes=MAX_MINUTES),
    )
    ahead = rows.select_related("patient", "organisation", "delivery").order_by("starts_at")
    return [row for row in ahead if not row.is_past][:LINKS_SENT]


def with_person(rows: QuerySet[Appointment], search: str) -> QuerySet[Appointment]:
    """Those of `rows` whose patient's name and address have all words of `search`."""
    words = words_of(search)
    if not words:
        return rows
    people = rows.values_list("pk", "patient__first_name", "patient__last_name", "patient__email")
    found = [key for key, *known_as in people if has_words(" ".join(known_as), words)]
    return rows.filter(pk__in=found)


def people_invited(user: User, search: str) -> list[Appointment]:
    """Whom `user` invited within the last 90 days (8.2, DEC-12), by their latest appointment.

    Each person once, the latest first, and no more than fit below the field.
    """
    since = timezone.now() - REMEMBERED
    rows = with_person(appointments_of(user), search).filter(starts_at__gte=since)
    found: dict[tuple[str, str], Appointment] = {}
    for row in rows.order_by("-starts_at"):
        found.setdefault((row.patient.full_name.casefold(), row.patient.email), row)
    return list(found.values())[:PEOPLE_SHOWN]


def sections_for(
    user: User, chosen: str, search: str = "", *, professional: User | None = None
) -> list[Section]:
    """The list "Patienten", cut down by a filter of PAT-3 (all, upcoming, past, online), by what
    was typed into "Eingeladene Personen suchen", and to those of one `professional`."""
    start, end = today()
    handled = appointments_of(user)
    if professional is not None:
        handled = handled.filter(professional=professional)
    rows = with_person(handled, search)
    if chosen == "online":
        here = _online_of(rows)
        return [Section("online", _("Online now"), here)] if here else []
    parts = {
        "today": (_("Today"), rows.filter(starts_at__gte=start, starts_at__lt=end), "starts_at"),
        "upcoming": (_("Upcoming"), rows.filter(starts_at__gte=end), "starts_at"),
        "past": (_("Past"), rows.filter(starts_at__lt=start), "-starts_at"),
    }
    if chosen == "upcoming":
        del parts["past"]
    if chosen == "past":
        parts = {"past": parts["past"]}
    sections = [
        Section(key, title, list(part.order_by(order)[: PAST_SHOWN if key == "past" else None]))
        for key, (title, part, order) in parts.items()
    ]
    with_presence([row for section in sections for row in section.appointments])
    return [section for section in sections if section.appointments]


def _online_of(rows: QuerySet[Appointment]) -> list[Appointment]:
    """Everybody of `rows` who is online at this moment, by time."""
    arrived = rows.filter(patient__visits__state__in=["waiting", "called", "consultation"])
    present = with_presence(list(arrived.distinct().order_by("starts_at")))
    return [row for row in present if row.online]

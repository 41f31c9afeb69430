"""Questions about guests. Fetching is authorising."""

import re
from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.core import events
from healthcompanion.core.models import CODE_LENGTH
from healthcompanion.guests import links, tickets
from healthcompanion.guests.models import Guest, Visit

MISREAD = str.maketrans("018", "olb")


class LinkGone(Exception):
    """The link was real once: deleted, replaced, or past its time. Answered with 410 (A17)."""

    def __init__(self, guest: Guest) -> None:
        super().__init__(guest.code)
        self.guest = guest


def guest_for_link(token: str) -> Guest:
    """The guest whose link ends in `token`: `<code>-<mac>`, in any case.

    Mail programs drop the dash or take a full stop along; only the letters and digits count. Who
    types it from paper takes letters for digits that base32 does not have (RFC 4648, 6).
    Raises Http404 for guesses and typing errors, LinkGone for links that are dead.
    """
    letters = re.sub("[^a-z0-9]", "", token.lower()).translate(MISREAD)
    code, proof = letters[:CODE_LENGTH], letters[CODE_LENGTH:]
    guest = _with_people().filter(code=code).first()
    if guest is None:
        raise Http404
    if links.matches(guest, proof):
        if not guest.has_open_link:
            raise LinkGone(guest)
        return guest
    if links.matched_once(guest, proof):
        raise LinkGone(guest)
    raise Http404


def guest_for_ticket(cookie: str | None, code: str) -> Guest:
    """The guest `code`, for the holder of their ticket.

    Raises Http404 without a ticket, LinkGone where it is real but the link was closed or replaced.
    """
    guest = _with_people().filter(code=code).first()
    version = tickets.ticket_version(cookie, guest) if guest is not None else None
    if guest is None or version is None:
        raise Http404
    if version != guest.link_version or not guest.has_open_link:
        raise LinkGone(guest)
    return guest


def guest_of(request: HttpRequest, code: str) -> Guest:
    """The guest `code`, for a request that carries their ticket; see `guest_for_ticket`."""
    return guest_for_ticket(tickets.ticket_in(request, code), code)


def latest_visit(guest: Guest) -> Visit | None:
    """The guest's present or last arrival."""
    return guest.visits.order_by("-id").first()


def latest_visits(guests: Iterable[Guest]) -> dict[int, Visit]:
    """The same for several guests, by their keys; who never came is missing. One query."""
    known = {guest.pk: guest for guest in guests}
    newest = Visit.objects.filter(guest__in=known).values("guest").annotate(newest=Max("id"))
    found = {}
    for visit in Visit.objects.filter(pk__in=newest.values("newest")):
        visit.guest = known[visit.guest_id]
        found[visit.guest_id] = visit
    return found


def is_door_open(guest: Guest) -> bool:
    """Whether there is somebody to let the guest in. A patient may always wait; who takes part
    beside one only while the conversation runs, and then one of its guests is in consultation."""
    if guest.companion_of_id is None:
        return True
    beside = Q(guest=guest.companion_of_id) | Q(guest__companion_of=guest.companion_of_id)
    return Visit.objects.filter(beside, state=Visit.State.CONSULTATION).exists()


def visits_that_count(guests: Iterable[Guest]) -> dict[int, list[Visit]]:
    """The visits of `guests` that are open, or in which they really came, by the guest's key.

    One query.
    """
    came = Q(waiting_at__isnull=False) | Q(consultation_at__isnull=False)
    counts = ~Q(state__in=Visit.OVER) | came
    found: dict[int, list[Visit]] = {}
    for visit in Visit.objects.filter(counts, guest__in=list(guests)).order_by("id"):
        found.setdefault(visit.guest_id, []).append(visit)
    return found


def visits_without_call() -> QuerySet[Visit]:
    """Everybody who has arrived and is neither rung nor in a consultation."""
    before = (Visit.State.ANNOUNCED, Visit.State.CHECKED, Visit.State.WAITING)
    return Visit.objects.filter(state__in=before).select_related("guest")


def guest_here(person: User | Guest, code: str) -> Guest | None:
    """The patient `code` while they are in the waiting room or further, for themselves and their
    host; None for everybody else. Who takes part beside a patient has no place to read."""
    mine = Q(host=person) if isinstance(person, User) else Q(pk=person.pk)
    patients = Guest.objects.filter(mine, code=code, companion_of=None)
    here = patients.filter(visits__state__in=Visit.HERE)
    return here.first()


def is_online(guest: Guest, visit: Visit | None) -> bool:
    """The green dot: in the waiting room or further, with a page that is alive (PAT-11)."""
    return (
        visit is not None
        and visit.state in Visit.HERE
        and events.is_present(events.guest_channel(guest.pk))
    )


def companions_of(patient: Guest) -> QuerySet[Guest]:
    """Those who take part beside `patient` and whose links still work, in their order."""
    return patient.companions.filter(
        link_closed_at=None, link_expires_at__gt=timezone.now()
    ).order_by("pk")


def _with_people() -> QuerySet[Guest]:
    return Guest.objects.select_related("host", "organisation", "companion_of")

"""A service that is full: 100 organisations, everybody with a patient, calls of the last 85 days.

Run through `Server.run`, beside the service, a part at a time.
"""

import json
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import get_random_string

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.calls.models import Call
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership, Organisation

HOUSES, DAYS, BATCH = 100, 85, 2000
BUSY = 1000  # every so many-th call is the measured person's, and so are TODAY appointments
TODAY = 20


def begin() -> str:
    """Make the measured person an administrator with a full day; the path of an appointment."""
    membership = Membership.objects.select_related("user", "organisation").latest("pk")
    Membership.objects.filter(pk=membership.pk).update(is_administrator=True)
    Organisation.objects.bulk_create(
        Organisation(kind=Organisation.Kind.ORGANISATION, name=f"Haus {n}")
        for n in range(HOUSES - 1)
    )
    _appointments(membership.organisation, [membership.user] * TODAY)
    path = Appointment.objects.filter(professional=membership.user).latest("pk").get_absolute_url()
    print(path)
    return path


def people(number: int) -> None:
    """That many more members, spread over all organisations, each with one appointment."""
    mark = get_random_string(8).lower()
    houses = list(Organisation.objects.order_by("pk"))
    users = User.objects.bulk_create(
        (
            User(
                email=f"s{n}.{mark}@bench.example",
                first_name="Erika",
                last_name=f"Viele{n}",
                password="!",  # noqa: S106 -- nobody signs in by it
            )
            for n in range(number)
        ),
        batch_size=BATCH,
    )
    for place, house in enumerate(houses):
        members = users[place :: len(houses)]
        Membership.objects.bulk_create(
            Membership(user=user, organisation=house) for user in members
        )
        _appointments(house, members)


def _appointments(organisation: Organisation, professionals: list[User]) -> None:
    now = timezone.now()
    guests = Guest.objects.bulk_create(
        Guest(
            organisation=organisation,
            host=user,
            first_name="Paul",
            last_name=f"Patient{n}",
            scheduled_at=now,
            link_expires_at=now + timedelta(days=92),
        )
        for n, user in enumerate(professionals)
    )
    Appointment.objects.bulk_create(
        Appointment(
            organisation=organisation,
            professional=guest.host,
            created_by=guest.host,
            patient=guest,
            starts_at=now + timedelta(minutes=10 * n),
            duration_minutes=20,
            message_consent_at=now,
        )
        for n, guest in enumerate(guests)
    )


def calls(first: int, last: int, number: int) -> None:
    """The calls `first` to `last` (not included) of `number`, in turn from all patients' hosts."""
    start, step = timezone.now() - timedelta(days=DAYS), timedelta(days=DAYS) / number
    guests = list(Guest.objects.order_by("pk").values_list("pk", "host", "organisation"))
    Call.objects.bulk_create(
        (
            Call(
                guest_id=guest,
                initiator_id=host,
                organisation_id=house,
                state=Call.State.ENDED,
                outcome=Call.Outcome.COMPLETED,
                rang_at=start + n * step,
                accepted_at=start + n * step,
                ended_at=start + n * step + timedelta(minutes=10),
            )
            for n in range(first, last)
            # The first patients are the measured person's.
            for guest, host, house in [
                guests[n // BUSY % TODAY if n % BUSY == 0 else n % len(guests)]
            ]
        ),
        batch_size=BATCH,
    )


def questions(cookie: str, pages: list[str]) -> None:
    """How often each page asks the database once it is warm, as JSON."""
    client = Client(SERVER_NAME="localhost", HTTP_COOKIE=cookie)
    counts = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            status = client.get(page).status_code
        if status != 200:
            raise RuntimeError(f"{page} was not served: {status}")
        counts[page] = len(asked)
    print(json.dumps(counts))

"""The ten pages that people open most ask the database little, however much it holds (P17)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.guests.models import Visit
from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.counting import add
from tests.factories import AppointmentFactory, CallFactory, MembershipFactory, VisitFactory
from tests.infrastructure.clients import signed_in

LIMIT = 8
PAGES = (
    "/",
    "/patients/",
    "/patients/new/",
    "{appointment}",
    "/settings/general/",
    "/settings/profile/",
    "/settings/logs/",
    "/administration/",
    "/administration/members/",
    "/administration/logs/",
)


def fill(administrator: User, organisation: Organisation, number: int) -> None:
    now = timezone.now()
    for n in range(number):
        member = MembershipFactory(organisation=organisation).user
        add(organisation.pk, member.pk, timezone.localdate(), {"calls": 1, "seconds": 60})
        row = AppointmentFactory(professional=administrator, starts_at=now + timedelta(hours=n))
        if n % 2:
            VisitFactory(guest=row.patient, state=Visit.State.WAITING)
        CallFactory(
            organisation=organisation,
            initiator=administrator,
            rang_at=now - timedelta(hours=n),
            state="ended",
            outcome="completed",
        )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_for_much_as_for_little(
    page: str, administrator: User, organisation: Organisation, appointment: Appointment
) -> None:
    Appointment.objects.filter(pk=appointment.pk).update(professional=administrator)
    client = signed_in(administrator)
    path = page.format(appointment=appointment.get_absolute_url())
    counts = []
    for number in (2, 30):
        fill(administrator, organisation, number)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1] <= LIMIT, [row["sql"] for row in asked.captured_queries]

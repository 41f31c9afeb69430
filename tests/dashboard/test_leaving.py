"""Administrators hand appointments over and remove members."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.core.models import AuditEntry
from healthcompanion.dashboard.administration_forms import SHOWN_AT_MOST
from healthcompanion.guests.models import Visit
from healthcompanion.organisations.models import Assignment, Membership, Organisation
from healthcompanion.organisations.queries import members_of
from tests.factories import AppointmentFactory, CallFactory, MembershipFactory, VisitFactory
from tests.infrastructure.clients import signed_in


@pytest.fixture
def chief(administrator: User) -> Client:
    return signed_in(administrator)


def page_of(user: User, part: str) -> str:
    return f"/administration/members/{user.membership.code}/{part}/"


def test_the_members_page_says_when_and_never_with_whom(
    chief: Client, appointment: Appointment, professional: User
) -> None:
    text = chief.get(f"/administration/members/{professional.membership.code}/").content.decode()

    assert "Kommende Termine" in text
    assert "Patient" not in text.split("coming-title")[2].split("</section>")[0]


def test_handing_over(
    chief: Client, appointment: Appointment, professional: User, colleague: User
) -> None:
    page = page_of(professional, "handover")
    assert "Carl Kolb" in chief.get(page).content.decode()

    chief.post(page, {"successor": colleague.membership.code})

    appointment.refresh_from_db()
    assert appointment.professional == colleague
    assert "Es gibt keinen kommenden Termin mehr." in chief.get(page).content.decode()


@pytest.mark.parametrize("part", ["handover", "removal"])
@pytest.mark.parametrize("kind", ["nothing", "self", "assistant", "stranger", "pending"])
def test_only_professionals_of_the_house_take_over(
    chief: Client,
    appointment: Appointment,
    professional: User,
    assistant: User,
    stranger: User,
    pending: User,
    kind: str,
    part: str,
) -> None:
    people = {
        "self": professional,
        "assistant": assistant,
        "stranger": stranger,
        "pending": pending,
    }
    code = people[kind].membership.code if kind in people else ""

    answer = chief.post(page_of(professional, part), {"successor": code})

    assert answer.status_code == 422
    wanted = "Diese Person steht nicht mehr zur Auswahl" if code else "Bitte wählen Sie, wer"
    assert wanted in answer.content.decode()
    appointment.refresh_from_db()
    assert appointment.professional == professional
    assert Membership.objects.get(user=professional).removed_at is None


def test_a_removed_member_is_out_and_the_successor_has_the_appointments(
    chief: Client,
    appointment: Appointment,
    professional: User,
    colleague: User,
    assistant: User,
    organisation: Organisation,
) -> None:
    past = AppointmentFactory(
        professional=professional, starts_at=timezone.now() - timedelta(days=2)
    )
    theirs = signed_in(professional)
    Assignment.objects.get_or_create(
        assistant=assistant.membership, professional=professional.membership
    )

    chief.post(page_of(professional, "removal"), {"successor": colleague.membership.code})

    row = Membership.objects.get(user=professional)
    assert (row.is_licensed, row.removed_at is None, row.user.is_active) == (False, False, False)
    assert not row.licence_periods.filter(ended_at=None).exists()
    assert not Assignment.objects.filter(professional=row).exists()
    assert not members_of(organisation).filter(pk=row.pk).exists()
    appointment.refresh_from_db()
    assert appointment.professional == colleague
    past.patient.refresh_from_db()
    assert past.patient.link_closed_at is not None
    assert theirs.get("/patients/").status_code == 302
    assert not Client().login(email=professional.email, password="Sprechstunde-2026")
    assert AuditEntry.objects.filter(action="member.removed").exists()
    assert chief.get(page_of(professional, "removal")).status_code == 404


def test_nobody_takes_over_and_the_appointments_are_cancelled(
    chief: Client, appointment: Appointment, professional: User
) -> None:
    chief.post(page_of(professional, "removal"), {"successor": "nobody"})

    appointment.refresh_from_db()
    assert appointment.deleted_at is not None
    assert Membership.objects.get(user=professional).removed_at is not None


def test_nobody_is_removed_from_a_consultation(
    chief: Client, appointment: Appointment, professional: User
) -> None:
    CallFactory(guest=appointment.patient, state="active")
    VisitFactory(guest=appointment.patient, state=Visit.State.CONSULTATION)

    answer = chief.post(page_of(professional, "removal"), {"successor": "nobody"}, follow=True)

    assert "Gerade wartet ein Patient oder ist im Gespräch." in answer.content.decode()
    appointment.refresh_from_db()
    assert appointment.deleted_at is None
    assert Membership.objects.get(user=professional).removed_at is None


def test_the_last_administrator_stays_with_all_appointments(
    chief: Client, administrator: User
) -> None:
    row = AppointmentFactory(professional=administrator)

    answer = chief.post(page_of(administrator, "removal"), {"successor": "nobody"}, follow=True)

    assert "Die Organisation braucht" in answer.content.decode()
    row.refresh_from_db()
    assert row.deleted_at is None


@pytest.mark.parametrize("part", ["handover", "removal"])
def test_in_a_large_house_one_looks_for_the_successor(
    chief: Client,
    appointment: Appointment,
    professional: User,
    organisation: Organisation,
    part: str,
) -> None:
    for number in range(SHOWN_AT_MOST + 2):
        MembershipFactory(organisation=organisation, user__last_name=f"Müller{number}")
    other = MembershipFactory(organisation=organisation, user__last_name="Özdemir")
    page = page_of(professional, part)

    assert "Özdemir" not in chief.get(page).content.decode()
    assert "Özdemir" in chief.get(page, {"search": "ozdemir"}).content.decode()
    many: Any = chief.get(page, {"search": "müller"})
    assert len(many.context["form"].people) == SHOWN_AT_MOST
    assert "So heißen mehr Personen." in many.content.decode()
    chief.post(page, {"successor": other.code})
    appointment.refresh_from_db()
    assert appointment.professional == other.user

"""Appointments with their patients."""

from datetime import datetime, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from healthcompanion.appointments.models import Appointment
from tests.factories.guests import GuestFactory
from tests.factories.organisations import MembershipFactory


def in_an_hour() -> datetime:
    return timezone.now() + timedelta(hours=1)


class AppointmentFactory(DjangoModelFactory[Appointment]):
    """An appointment of `professional` in an hour; no mail was sent."""

    class Meta:
        model = Appointment

    professional = factory.LazyFunction(lambda: MembershipFactory().user)
    organisation = factory.LazyAttribute(lambda row: row.professional.membership.organisation)
    created_by = factory.SelfAttribute("professional")
    starts_at = factory.LazyFunction(in_an_hour)
    duration_minutes = 30
    message_consent_at = factory.LazyFunction(timezone.now)
    patient = factory.SubFactory(
        GuestFactory,
        host=factory.SelfAttribute("..professional"),
        scheduled_at=factory.SelfAttribute("..starts_at"),
    )

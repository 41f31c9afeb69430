"""Guests and their arrivals."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from healthcompanion.guests.models import Guest, Visit
from tests.factories.organisations import MembershipFactory


class GuestFactory(DjangoModelFactory[Guest]):
    """A patient of `host`, with a link that works from now on."""

    class Meta:
        model = Guest

    host = factory.LazyFunction(lambda: MembershipFactory().user)
    organisation = factory.LazyAttribute(lambda guest: guest.host.membership.organisation)
    first_name = "Paula"
    last_name = factory.Sequence(lambda n: f"Patientin{n}")
    email = factory.Sequence(lambda n: f"patient{n}@example.net")
    scheduled_at = factory.LazyFunction(timezone.now)
    link_expires_at = factory.LazyAttribute(lambda guest: guest.scheduled_at + timedelta(days=92))


class VisitFactory(DjangoModelFactory[Visit]):
    """One arrival, in the waiting room unless said otherwise."""

    class Meta:
        model = Visit

    guest = factory.SubFactory(GuestFactory)
    state = Visit.State.WAITING
    confirmed_name = factory.LazyAttribute(lambda visit: visit.guest.full_name)
    waiting_at = factory.LazyFunction(timezone.now)

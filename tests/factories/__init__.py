"""Rows for tests, without surprises: a test states every value that it asserts on."""

from tests.factories.appointments import AppointmentFactory
from tests.factories.calls import CallFactory
from tests.factories.guests import GuestFactory, VisitFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, UserFactory

__all__ = [
    "AppointmentFactory",
    "CallFactory",
    "GuestFactory",
    "MembershipFactory",
    "OrganisationFactory",
    "UserFactory",
    "VisitFactory",
]

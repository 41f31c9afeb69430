"""The people of the tests. A practice, its patient, and strangers with their own data."""

import pytest

from healthcompanion.accounts.models import User
from healthcompanion.appointments.models import Appointment
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Membership, Organisation
from tests.accounts.second_factors import with_app
from tests.factories import (
    AppointmentFactory,
    GuestFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)


@pytest.fixture
def organisation(db: None) -> Organisation:
    """The practice that most tests are about."""
    return OrganisationFactory(name="Praxis am Markt")


@pytest.fixture
def professional(organisation: Organisation) -> User:
    """Dr. Anna Berger: the doctor that most tests are about."""
    user = UserFactory(
        email="anna.berger@praxis.example", title="Dr.", first_name="Anna", last_name="Berger"
    )
    MembershipFactory(user=user, organisation=organisation)
    return user


@pytest.fixture
def administrator(organisation: Organisation) -> User:
    """Administrates the practice and holds consultations, but not Anna's."""
    user = UserFactory(email="adam.admin@praxis.example", first_name="Adam", last_name="Admin")
    MembershipFactory(user=user, organisation=organisation, is_administrator=True)
    return user


@pytest.fixture
def colleague(organisation: Organisation) -> User:
    """A doctor of the same practice, with a patient of his own."""
    user = UserFactory(email="carl.kolb@praxis.example", first_name="Carl", last_name="Kolb")
    MembershipFactory(user=user, organisation=organisation)
    AppointmentFactory(professional=user, patient__last_name="Kollegenpatient")
    return user


@pytest.fixture
def assistant(organisation: Organisation) -> User:
    """Works at the practice and holds no consultations (DEC-7)."""
    user = UserFactory(email="asta.hilfe@praxis.example", first_name="Asta", last_name="Hilfe")
    MembershipFactory(user=user, organisation=organisation, role=Membership.Role.ASSISTANT)
    return user


@pytest.fixture
def pending(organisation: Organisation) -> User:
    """A doctor of the practice who has no licence (DEC-5), but had a patient once."""
    user = UserFactory(email="wanda.wartet@praxis.example", first_name="Wanda", last_name="Wartet")
    MembershipFactory(user=user, organisation=organisation, is_licensed=False)
    AppointmentFactory(professional=user, patient__last_name="Altpatient")
    return user


@pytest.fixture
def individual(db: None) -> User:
    """Works alone: an organisation of kind "individual" with one member."""
    user = UserFactory(email="ina.einzel@example.org", first_name="Ina", last_name="Einzel")
    alone = OrganisationFactory(kind=Organisation.Kind.INDIVIDUAL, name="Ina Einzel")
    MembershipFactory(user=user, organisation=alone)
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """A doctor of another practice, with a patient who could leak."""
    user = UserFactory(
        email="stefan.fremd@anderswo.example", first_name="Stefan", last_name="Fremd"
    )
    MembershipFactory(user=user, organisation=OrganisationFactory(name="Praxis Anderswo"))
    AppointmentFactory(professional=user, patient__last_name="Fremdpatient")
    return user


@pytest.fixture
def staff(db: None) -> User:
    """Works for the operator, with a second factor and without patients (DEC-36)."""
    user = UserFactory(
        email="berta.betrieb@operator.example",
        first_name="Berta",
        last_name="Betrieb",
        is_staff=True,
    )
    return with_app(user)


@pytest.fixture
def appointment(professional: User) -> Appointment:
    """Anna's appointment with Paul Patient in an hour."""
    return AppointmentFactory(
        professional=professional,
        patient__first_name="Paul",
        patient__last_name="Patient",
        patient__email="paul@example.net",
    )


@pytest.fixture
def guest(appointment: Appointment) -> Guest:
    """Paul Patient, invited by Anna."""
    return appointment.patient


@pytest.fixture
def other_guest(professional: User) -> Guest:
    """Another patient of Anna's."""
    return GuestFactory(host=professional, last_name="Andere")

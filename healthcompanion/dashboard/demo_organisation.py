"""The demo's organisation: a nursing home with its administrator, a doctor, and who helps him."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from healthcompanion.accounts import actions as accounts
from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import verify
from healthcompanion.appointments.queries import appointments_today
from healthcompanion.dashboard.demo import PASSWORD, book, next_quarter
from healthcompanion.dashboard.demo_calls import hold_past_calls
from healthcompanion.organisations import licences, members
from healthcompanion.organisations.actions import join, open_organisation
from healthcompanion.organisations.models import Membership

DOMAIN = "pflegezentrum-am-fluss.example"
ADMINISTRATOR = f"klara.vogt@{DOMAIN}"
DOCTOR, ASSISTANT = f"jonas.weber@{DOMAIN}", f"miriam.kaya@{DOMAIN}"
RESIDENTS = (("Hildegard", "Brandt"), ("Walter", "Eichinger"))


@transaction.atomic
def seed() -> User:
    """The administrator and, on every new day, two appointments of the doctor's."""
    administrator = User.objects.filter(email=ADMINISTRATOR).first() or _everybody()
    doctor = User.objects.filter(email=DOCTOR).first()
    if doctor is not None and not appointments_today(doctor):
        for number, (first_name, last_name) in enumerate(RESIDENTS):
            book(doctor, first_name, last_name, next_quarter() + timedelta(minutes=30 * number))
    return administrator


def _everybody() -> User:
    administrator = _person(ADMINISTRATOR, "", "Klara", "Vogt")
    home = open_organisation(
        administrator,
        name="Pflegezentrum am Fluss",
        street="Uferweg 3",
        postal_code="94469",
        city="Deggendorf",
        phone="+49 991 1234567",
    )
    doctor = join(_person(DOCTOR, "Dr. med.", "Jonas", "Weber"), home)
    assistant = join(_person(ASSISTANT, "", "Miriam", "Kaya"), home)
    join(_person(f"nora.neumann@{DOMAIN}", "", "Nora", "Neumann"), home)  # waits for a licence
    for user in (administrator, doctor.user):
        verify(user, actor=None)
    for row in (doctor, assistant):
        licences.activate(row, actor=administrator)
    members.set_role(assistant, Membership.Role.ASSISTANT, actor=administrator)
    assistant.refresh_from_db()
    members.assign(assistant, [doctor], actor=administrator)
    hold_past_calls(doctor.user, RESIDENTS)
    return administrator


def _person(email: str, title: str, first_name: str, last_name: str) -> User:
    user = User.objects.create_user(
        email, PASSWORD, title=title, first_name=first_name, last_name=last_name
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    accounts.accept_legal_texts(user)
    return user

"""The demo's cast: the same people as in the tests, the screenshots and the documents."""

from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from healthcompanion.accounts import actions as accounts
from healthcompanion.accounts.models import User
from healthcompanion.accounts.verification import verify
from healthcompanion.appointments import queries
from healthcompanion.appointments.actions import create_appointment
from healthcompanion.organisations.actions import open_individual_account
from healthcompanion.organisations.models import Membership

EMAIL = "anna.berger@praxis-berger.example"
PASSWORD = "Sprechstunde-2026"  # noqa: S105 -- printed at every start of the demo
PATIENTS = (
    ("Erika", "Mustermann"),
    ("Karl-Heinz", "Oberndorfer"),
    ("Ayşe", "Demir"),
    ("Maximilian", "von Hohenstein-Schwarzenfeld"),
    ("Ingrid", "Sommer"),
)
MOBILES = {"Erika": "+491713920011"}  # one of those that are kept free for films
NEXT_WEEK = (("Jonas", "Winter"), ("Helene", "Fürstenberger"), ("Piotr", "Kowalski"))
PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", " ": "-"})


@transaction.atomic
def seed() -> User:
    """The doctor and, on every new day, appointments for today and next week."""
    doctor = User.objects.filter(email=EMAIL).first() or _doctor()
    if not queries.appointments_today(doctor):
        _appointments(doctor)
    return doctor


def patient_link(doctor: User) -> str:
    """The link of the next of today's patients."""
    today = queries.appointments_today(doctor)
    following = [row for row in today if row.ends_at > timezone.now()]
    return (following or today)[0].link_url


def invitation() -> str:
    """The same, for whoever opens the demo; the start page where none is left (past midnight)."""
    doctor = User.objects.filter(email=EMAIL).first()
    if doctor is None or not queries.appointments_today(doctor):
        return f"{settings.HC_BASE_URL}/"
    return patient_link(doctor)


def _doctor() -> User:
    doctor = User.objects.create_user(
        EMAIL,
        PASSWORD,
        title="Dr. med.",
        first_name="Anna",
        last_name="Berger",
        street="Lindenallee 12",
        postal_code="80331",
        city="München",
        phone="+49 89 1234567",
    )
    EmailAddress.objects.create(user=doctor, email=EMAIL, verified=True, primary=True)
    accounts.accept_legal_texts(doctor)
    verify(doctor, actor=None)
    open_individual_account(doctor, practice_name="Praxis Dr. Berger")
    return doctor


def _appointments(doctor: User) -> None:
    zone = Membership.objects.get(user=doctor).organisation.zone
    with timezone.override(zone):
        today = timezone.localdate()
        for number, (first_name, last_name) in enumerate(PATIENTS):
            start = next_quarter() + timedelta(minutes=30 * number)
            if timezone.localdate(start) == today:
                book(doctor, first_name, last_name, start)
            else:  # close to midnight: the rest of the cast came this morning
                morning = datetime.combine(today, time(8), tzinfo=zone)
                book(doctor, first_name, last_name, morning + timedelta(hours=number))
        for number, (first_name, last_name) in enumerate(NEXT_WEEK):
            day: date = today + timedelta(days=7 + number)
            start = datetime.combine(day, time(9 + number, 30), tzinfo=zone)
            book(doctor, first_name, last_name, start)


def next_quarter() -> datetime:
    """When the next appointment may begin."""
    now = timezone.now()
    return now + timedelta(minutes=15 - now.minute % 15, seconds=-now.second)


def book(doctor: User, first_name: str, last_name: str, start: datetime) -> None:
    """An appointment of the cast's, with its invitation on the way."""
    mobile = MOBILES.get(first_name, "") if settings.HC_SMS_OUTBOX else ""
    plain = f"{first_name}.{last_name}".lower().translate(PLAIN)
    create_appointment(
        Membership.objects.get(user=doctor).organisation,
        doctor,
        created_by=doctor,
        first_name=first_name,
        last_name=last_name,
        email=f"{plain}@example.org",
        by_email=True,
        mobile=mobile,
        by_sms=bool(mobile),
        language="de",
        starts_at=start.replace(second=0, microsecond=0),
        duration_minutes=20,
    )

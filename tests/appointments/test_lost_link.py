"""The public form "Link verloren?": sends links again, and never tells whether it knew."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from healthcompanion.accounts.models import User
from healthcompanion.appointments import actions
from healthcompanion.appointments.history import history_of
from healthcompanion.appointments.models import INVITATION, Appointment
from healthcompanion.appointments.tasks import LOST_LINK, send_lost_links
from healthcompanion.core.sealing import seal
from healthcompanion.guests.models import Guest
from healthcompanion.notifications.models import Message
from tests.factories import AppointmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def ask(email: str) -> tuple[int, str, bytes]:
    client = Client()
    answer = client.post("/lost-link/", {"email": email})
    page = client.get("/lost-link/sent/")
    return answer.status_code, answer.get("Location", ""), page.content


def run_jobs() -> None:
    for job in DBTaskResult.objects.all():
        send_lost_links.func(*job.args_kwargs["args"])


def references() -> list[str]:
    return list(Message.objects.order_by("id").values_list("reference", flat=True))


def test_link_is_sent_to_the_address_that_is_known(appointment: Appointment) -> None:
    status, location, _page = ask("Paul@Example.NET")
    run_jobs()

    appointment.refresh_from_db()
    message = Message.objects.get()
    assert (status, location) == (302, "/lost-link/sent/")
    assert (message.kind, message.reference) == (INVITATION, str(appointment.pk))
    assert message.sender is None
    assert appointment.delivery == message
    assert appointment.patient.link_version == 1
    with translation.override("en"):
        assert "Patient asked for the link again" in [line.text for line in history_of(appointment)]


def test_unknown_address_gets_the_same_answer_and_no_mail(appointment: Appointment) -> None:
    known, unknown = ask("paul@example.net"), ask("nobody@example.net")
    jobs = DBTaskResult.objects.all()
    run_jobs()

    assert known[:2] == unknown[:2]
    assert len(jobs) == 2
    assert references() == [str(appointment.pk)]


def test_waiting_job_names_nobody(appointment: Appointment) -> None:
    ask("paul@example.net")

    assert "paul" not in str(DBTaskResult.objects.values().get()).lower()


def test_only_what_is_ahead_and_open_is_sent(professional: User) -> None:
    def appointment(**values: object) -> Appointment:
        row: Appointment = AppointmentFactory(
            professional=professional, patient__email="paul@example.net", **values
        )
        return row

    soon = appointment(starts_at=timezone.now() + timedelta(days=2))
    running = appointment(starts_at=timezone.now() - timedelta(minutes=10))
    appointment(starts_at=timezone.now() - timedelta(hours=2))
    appointment(deleted_at=timezone.now())
    appointment(patient__link_closed_at=timezone.now())

    actions.send_lost_links("paul@example.net")

    assert references() == [str(running.pk), str(soon.pk)]


def test_mailbox_is_not_flooded(appointment: Appointment) -> None:
    for _ in range(3):
        actions.send_lost_links("paul@example.net")
    assert Message.objects.count() == 1
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    actions.send_lost_links("paul@example.net")
    assert Message.objects.count() == 1, "the first one waits for its mail server still"
    Message.objects.update(state=Message.State.SENT)

    actions.send_lost_links("paul@example.net")

    assert Message.objects.count() == 2


def test_nobody_without_an_address_is_meant(appointment: Appointment) -> None:
    Guest.objects.update(email="")

    answer = Client().post("/lost-link/", {"email": ""})
    actions.send_lost_links("")

    assert answer.status_code == 422
    assert not DBTaskResult.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "typed", ["", "paul", "paul@", "a@b.example\nBcc: c@d.example", "\x00@b.de"]
)
def test_odd_address_is_refused_and_stays(typed: str) -> None:
    answer = Client().post("/lost-link/", {"email": typed})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]
    assert not DBTaskResult.objects.exists()


def test_fourth_try_within_a_minute_waits_known_or_not(appointment: Appointment) -> None:
    for email in ("paul@example.net", "nobody@example.net"):
        assert [ask(email)[0] for _ in range(4)] == [302, 302, 302, 429]


def test_one_connection_asks_for_few_addresses() -> None:
    answers = [ask(f"person{n}@example.net")[0] for n in range(21)]

    assert answers == [302] * 20 + [429]


def test_address_of_another_purpose_opens_nothing(appointment: Appointment) -> None:
    with pytest.raises(Exception, match="another purpose"):
        send_lost_links.func(seal("paul@example.net", purpose=LOST_LINK + "x"))


def test_dead_and_unknown_links_lead_to_the_form(appointment: Appointment) -> None:
    dead = appointment.link_url.removeprefix("http://localhost:8000")
    Guest.objects.update(link_closed_at=timezone.now())

    pages = [Client().get(path) for path in (dead, "/g/abcdefghijkl-abcdefghij")]

    assert [page.status_code for page in pages] == [410, 404]
    for page in pages:
        assert 'href="/lost-link/"' in page.content.decode()

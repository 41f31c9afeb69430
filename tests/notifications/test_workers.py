"""Several workers, one message: one of them sends it."""

import threading

import pytest
from django.db import connection

from healthcompanion.appointments.models import Appointment
from healthcompanion.notifications import actions
from healthcompanion.notifications.models import Message
from tests.infrastructure.mail import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_worker_sends_each_message(appointment: Appointment, mailbox: Mailbox) -> None:
    messages = [
        actions.queue_message(
            "appointment.invitation",
            str(appointment.pk),
            organisation=None,
            sender=appointment.professional,
        )
        for _ in range(5)
    ]
    gate, troubles = threading.Barrier(4), []

    def work() -> None:
        gate.wait(5)
        try:
            for message in messages:
                actions.deliver_message(message.pk)
        except Exception as error:  # any is what this test is looking for
            troubles.append(repr(error))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)

    assert troubles == []
    assert len(mailbox.letters) == 5
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}

"""The mails that the queue would have sent by now."""

import re

from django.core import mail
from django.core.mail import EmailMessage

from healthcompanion.notifications.actions import deliver_message
from healthcompanion.notifications.models import Message


def delivered() -> list[EmailMessage]:
    """Send what is queued, as the worker would; everything that was sent so far."""
    for message in Message.objects.filter(state=Message.State.QUEUED):
        deliver_message(message.pk)
    return list(mail.outbox)


def link_in(letter: EmailMessage) -> str:
    """The path of the one link in a mail's text."""
    (path,) = re.findall(r"http://localhost:8000(\S+)", str(letter.body))
    return str(path)

"""Handing a mail to the mail server, and what its answer means."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from smtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.core.mail import EmailMultiAlternatives, get_connection

from healthcompanion.notifications.models import Message
from healthcompanion.notifications.wording import Mail

Reason = Message.Reason


class NotDelivered(Exception):
    """The transport did not take a message, or did not say that it did (`reason` UNCERTAIN)."""

    def __init__(self, reason: Message.Reason, *, for_good: bool) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.for_good = for_good


@contextmanager
def mail_transport() -> Iterator[Callable[[Mail], None]]:
    """A function that hands over one mail, behind an open connection. Raises NotDelivered."""
    connection = get_connection()
    try:
        with _translated(started=False):
            connection.open()
            server = getattr(connection, "connection", None)
            if isinstance(server, SMTP):  # greet here: what fails so far handed nothing over
                server.ehlo_or_helo_if_needed()
        yield lambda mail: _send(mail, connection)
    finally:
        with suppress(SMTPException, OSError):  # a bad farewell changes nothing about the mail
            connection.close()


def _send(mail: Mail, connection: object) -> None:
    letter = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        headers=mail.headers,
        connection=connection,
    )
    letter.attach_alternative(mail.html, "text/html")
    for file in mail.attachments:
        letter.attach(file.name, file.content, file.mimetype)
    with _translated(started=True):
        letter.send()


@contextmanager
def _translated(*, started: bool) -> Iterator[None]:
    """What the mail server said, in our words. Silence after the start is no answer at all."""
    try:
        yield
    except SMTPRecipientsRefused as error:
        for_good = next(iter(error.recipients.values()))[0] >= 500
        reason = Reason.ADDRESS if for_good else Reason.REFUSED  # greylisting
        raise NotDelivered(reason, for_good=for_good) from error
    except (
        SMTPAuthenticationError,
        SMTPConnectError,
        SMTPHeloError,
    ) as error:  # nothing about this mail
        raise NotDelivered(Reason.UNREACHABLE, for_good=False) from error
    except SMTPResponseException as error:
        raise NotDelivered(Reason.REFUSED, for_good=error.smtp_code >= 500) from error
    except SMTPNotSupportedError as error:  # asking again would not teach it
        raise NotDelivered(Reason.UNSUPPORTED, for_good=True) from error
    except ValueError as error:
        if not started:  # connection.open says it of settings that contradict each other
            raise
        raise NotDelivered(Reason.ADDRESS, for_good=True) from error
    except (SMTPException, OSError) as error:
        reason = Reason.UNCERTAIN if started else Reason.UNREACHABLE
        raise NotDelivered(reason, for_good=False) from error

"""The demo's mail transport: keeps every mail in the database, for the page "Postausgang"."""

from collections.abc import Sequence

from django.core.mail import EmailAttachment, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from healthcompanion.notifications.models import OutboxMail


class OutboxBackend(BaseEmailBackend):
    """Stores mails exactly as they would have gone out."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            html = ""
            if isinstance(mail, EmailMultiAlternatives):
                html = next(
                    (str(part) for part, kind in mail.alternatives if kind == "text/html"), ""
                )
            OutboxMail.objects.create(
                from_address=mail.from_email,
                to=", ".join(mail.to),
                subject=str(mail.subject),
                text=str(mail.body),
                html=html,
                attachments=[file for part in mail.attachments if (file := _file(part))],
            )
        return len(email_messages)


def _file(part: object) -> dict[str, str] | None:
    """A text file that goes with the mail; our mails have no others."""
    if not isinstance(part, EmailAttachment) or not isinstance(part.content, str):
        return None
    return {
        "name": part.filename or "",
        "mimetype": part.mimetype or "text/plain",
        "content": part.content,
    }

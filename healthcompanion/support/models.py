"""What people ask the operator (DEC-30)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.models import CodedModel


class SupportRequest(CodedModel):
    """A question or trouble, in somebody's own words, and what came of it."""

    class State(models.TextChoices):
        OPEN = "open", _("received")
        CLOSED = "closed", _("answered")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(_("Subject"), max_length=120)
    description = models.TextField(_("Description"), max_length=5000)
    # Browser, devices and connection, as the person read it before sending; lines of text.
    report = models.TextField(blank=True, max_length=4000)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="support_own")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What both sides call it by, on the telephone too."""
        return number_of(self.code)


def number_of(code: str) -> str:
    """Of a request's code: `BUWT-W3Z4`."""
    return f"{code[:4]}-{code[4:8]}".upper()


class ChangeRequest(CodedModel):
    """The wish for another name or e-mail address, and what the operator decided (DEC-10)."""

    class State(models.TextChoices):
        OPEN = "open", _("received")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # As they are to be; what stays as it is, is written down as it was.
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Last name"), max_length=80)
    email = models.EmailField(_("E-mail"))
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("Reason of the refusal"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="open"), name="change_request_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What both sides call it by."""
        return number_of(self.code)

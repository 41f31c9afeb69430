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
        return f"{self.code[:4]}-{self.code[4:8]}".upper()

"""A patient's appointment with a professional ("Patienten")."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.models import CodedModel
from healthcompanion.guests.links import link_url
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation


class Appointment(CodedModel):
    """One consultation that was agreed on. Time and length are guidance only (INV-2)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    professional = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    patient = models.OneToOneField(Guest, on_delete=models.PROTECT, related_name="appointment")
    starts_at = models.DateTimeField(_("Date"))
    duration_minutes = models.PositiveSmallIntegerField(_("Duration"))
    message_consent_at = models.DateTimeField()
    delivery = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    # Rises with every change that calendars must hear of (RFC 5546, 2.1.4).
    calendar_sequence = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["professional", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=480),
                name="appointment_duration",
            )
        ]

    # What a list row shows beside the row itself; filled by queries.with_presence.
    online: bool = False
    visit: Visit | None = None
    held_at: datetime | None = None
    confirmed_name: str = ""
    has_other_name: bool = False

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("appointments:appointment-detail", args=[self.code])

    @property
    def ends_at(self) -> datetime:
        # In UTC: a sum within a zone would count the hour that the clocks skip or repeat.
        return self.starts_at.astimezone(UTC) + timedelta(minutes=self.duration_minutes)

    @property
    def is_past(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def link_url(self) -> str:
        """The patient's link, for the professional to copy (DEC-13)."""
        return link_url(self.patient)

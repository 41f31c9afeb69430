"""A patient's appointment with a professional ("Patienten")."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.models import CodedModel
from healthcompanion.guests.links import check_url, link_url
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation

INVITATION, CHANGE, HANDOVER, CANCELLATION = (
    "appointment.invitation",
    "appointment.change",
    "appointment.handover",
    "appointment.cancellation",
)
DAY_REMINDER, HOUR_REMINDER = "appointment.day-reminder", "appointment.hour-reminder"


# Who comes this long before the time comes for the appointment, and not to try the link.
EARLIEST_ARRIVAL = timedelta(hours=6)
NO_SHOW_GRACE = timedelta(minutes=15)


class Appointment(CodedModel):
    """One consultation that was agreed on. Time and length are guidance only (INV-2)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    professional = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    patient = models.OneToOneField(Guest, on_delete=models.PROTECT, related_name="appointment")
    starts_at = models.DateTimeField(_("Date"))
    duration_minutes = models.PositiveSmallIntegerField(_("Duration"))
    message_consent_at = models.DateTimeField()
    # The last message with the link, by each way that was chosen.
    delivery = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    sms_delivery = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whether the patient is reminded, and when to look next whether it is time for that.
    reminders = models.BooleanField(default=True)
    remind_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    # Rises with every change that calendars must hear of (RFC 5546, 2.1.4).
    calendar_sequence = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["professional", "starts_at"]),
            models.Index(
                fields=["remind_at"],
                name="appointment_remind",
                condition=models.Q(remind_at__isnull=False),
            ),
        ]
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
    arrived_at: datetime | None = None
    confirmed_name: str = ""
    has_other_name: bool = False
    twin_hint: str = ""

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
    def can_be_cancelled(self) -> bool:
        """By the patient: it is still to come, and was not held already."""
        was_held = self.patient.visits.filter(consultation_at__isnull=False).exists()
        return not self.is_past and not self.is_off and not was_held

    @property
    def is_cancelled(self) -> bool:
        """By the patient."""
        return self.patient.cancelled_at is not None

    @property
    def is_off(self) -> bool:
        """It will not take place: deleted, or cancelled by the patient."""
        return self.deleted_at is not None or self.is_cancelled

    @property
    def is_away(self) -> bool:
        """The patient waits, but their page is not heard of: a locked phone, a lost network."""
        return not self.online and self.visit is not None and self.visit.state in Visit.HERE

    @property
    def has_no_show(self) -> bool:
        """Over for a while, and the patient never really came (DEC-15)."""
        came = self.arrived_at or self.held_at or self.is_away or self.online
        return not came and not self.is_cancelled and timezone.now() >= self.ends_at + NO_SHOW_GRACE

    @property
    def chat_presence(self) -> str:
        """Whether the patient can read what is written to the waiting room now."""
        if self.visit is None or self.visit.state not in Visit.HERE:
            return "gone"
        if self.visit.state == Visit.State.CONSULTATION:
            return "call"
        return "here" if self.online else "away"

    @property
    def minutes_early(self) -> int:
        """By how much the waiting patient came before the time; negative: after it."""
        since = self.visit.waiting_at if self.visit else None
        return round((self.starts_at - since).total_seconds() / 60) if since else 0

    @property
    def minutes_late(self) -> int:
        return -self.minutes_early

    @property
    def is_of_today(self) -> bool:
        """In the zone of whoever looks."""
        return timezone.localdate(self.starts_at) == timezone.localdate()

    @property
    def deliveries(self) -> list[Message]:
        """The last message with the link by each way that was chosen: e-mail, then SMS."""
        return [row for row in (self.delivery, self.sms_delivery) if row is not None]

    def delivery_by(self, way: str) -> Message | None:
        """The last message with the link by `way`; None where it was not chosen."""
        return self.sms_delivery if way == Message.Channel.SMS else self.delivery

    @property
    def ways(self) -> list[Message.Channel]:
        """By which ways the patient can be written to."""
        known = {
            Message.Channel.EMAIL: self.patient.email,
            Message.Channel.SMS: self.patient.phone,
        }
        return [way for way, contact in known.items() if contact]

    @property
    def tells_of_new_time(self) -> bool:
        """Whether the last message by any way was the notice of a new time."""
        return any(row.kind == CHANGE for row in self.deliveries)

    @property
    def telling_delivery(self) -> Message | None:
        """The one that a single mark has to speak of: trouble first, good news last."""
        weight = {Message.State.FAILED: 0, Message.State.QUEUED: 1, Message.State.SENDING: 1}
        return min(
            self.deliveries, key=lambda row: weight.get(Message.State(row.state), 2), default=None
        )

    @property
    def has_one_way(self) -> bool:
        """Whether one way was chosen, so that it needs no name."""
        return len(self.deliveries) == 1

    @property
    def failed_deliveries(self) -> list[Message]:
        return [row for row in self.deliveries if row.state == Message.State.FAILED]

    @property
    def has_reminders(self) -> bool:
        """Whether the patient is reminded by any way: they go where an invitation went."""
        return self.reminders and bool(self.deliveries)

    @property
    def link_url(self) -> str:
        """The patient's link, for the professional to copy (DEC-13)."""
        return link_url(self.patient)

    @property
    def check_url(self) -> str:
        """Where the patient tries their device before the appointment."""
        return check_url(self.patient)

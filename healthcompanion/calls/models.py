"""Calls: who rang whom, who took part, how it ended."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.models import CodedModel
from healthcompanion.guests.models import Guest
from healthcompanion.organisations.models import Organisation

LIVE = Q(state__in=["ringing", "active"])
# The same for questions about all calls: SQLite takes a partial index only for its very words, and
# those of LIVE have parameters in a query.
UNENDED = Q(ended_at__isnull=True)


class Call(CodedModel):
    """One call. Its subject is exactly one of: a guest, a contact (a colleague)."""

    class State(models.TextChoices):
        RINGING = "ringing", _("ringing")
        ACTIVE = "active", _("running")
        ENDED = "ended", _("ended")

    class Outcome(models.TextChoices):
        OPEN = "", ""
        COMPLETED = "completed", _("held")
        DECLINED = "declined", _("declined")
        MISSED = "missed", _("missed")
        CANCELLED = "cancelled", _("cancelled")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    initiator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calls")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.PROTECT, related_name="calls")
    contact = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # The contact's at that time, where it is not the caller's: whose administrators may know of the
    # call. Later moves change nothing, as with `organisation`, which is the initiator's.
    contact_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # How many were in it altogether, those who left included; more than two make it a group.
    persons = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RINGING)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    rang_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(guest__isnull=False, contact__isnull=True)
                | Q(guest__isnull=True, contact__isnull=False),
                name="call_exactly_one_subject",
            ),
            models.UniqueConstraint(
                fields=["initiator"], condition=LIVE, name="call_one_live_per_initiator"
            ),
            models.UniqueConstraint(
                fields=["guest"], condition=LIVE, name="call_one_live_per_guest"
            ),
        ]
        indexes = [
            models.Index(fields=["rang_at"], condition=UNENDED, name="call_unended"),
            # The logs, in the order in which they are read (call_log.py).
            models.Index(
                fields=["initiator", "organisation", "rang_at", "code"], name="call_log_outgoing"
            ),
            models.Index(
                fields=["contact", "rang_at", "code"],
                condition=Q(contact__isnull=False),
                name="call_log_incoming",
            ),
            models.Index(fields=["organisation", "rang_at", "code"], name="call_log_organisation"),
            models.Index(
                fields=["organisation", "rang_at", "code"],
                condition=Q(contact__isnull=False, contact_organisation__isnull=True),
                name="call_log_internal",
            ),
            models.Index(
                fields=["contact_organisation", "rang_at", "code"],
                condition=Q(contact_organisation__isnull=False),
                name="call_log_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def members(self) -> models.QuerySet["CallParticipant"]:
        """Who is in the call, or is rung, in their order; who left or was removed is not."""
        return self.participants.filter(left_at=None).order_by("pk")

    @property
    def duration(self) -> timedelta:
        """From the accept to the end; zero for a call that nobody took."""
        if self.accepted_at is None or self.ended_at is None:
            return timedelta(0)
        return self.ended_at - self.accepted_at


class CallParticipant(CodedModel):
    """A person in a call, with their own times. Media connections are addressed by its code."""

    class Mode(models.TextChoices):
        """How a person's picture and sound travelled, as their page measured it (A1)."""

        UNKNOWN = "", ""
        DIRECT = "direct", _("direct")
        RELAYED = "relayed", _("over a relay")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    mode = models.CharField(max_length=8, choices=Mode.choices, default="", blank=True)
    has_rated = models.BooleanField(default=False)  # that, and not how: see RatingCount

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest__isnull=True)
                | Q(user__isnull=True, guest__isnull=False),
                name="participant_exactly_one_person",
            ),
            models.UniqueConstraint(fields=["call", "user"], name="participant_user_once"),
            models.UniqueConstraint(fields=["call", "guest"], name="participant_guest_once"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def person(self) -> User | Guest:
        person = self.user or self.guest
        assert person is not None  # noqa: S101 -- the check constraint says so
        return person

    @property
    def is_over(self) -> bool:
        """Whether the call is over for this person: they left it, or it ended for all."""
        return self.left_at is not None or self.call.state == Call.State.ENDED

    @property
    def duration(self) -> timedelta:
        """How long they were in the call: from the accept, or from when they came in later."""
        until = self.left_at or self.call.ended_at
        if self.call.accepted_at is None or self.joined_at is None or until is None:
            return timedelta(0)
        # The host has been there since it rang.
        return max(timedelta(0), until - max(self.call.accepted_at, self.joined_at))


class RatingCount(models.Model):
    """How many calls of a day were found good, fair or poor, by whom: no person, call or time.

    For all practices together: the only call of a small practice's day would tell who rated it.
    """

    class Score(models.IntegerChoices):
        POOR = 1, _("Poor")
        FAIR = 2, _("Fair")
        GOOD = 3, _("Good")

    class Audience(models.TextChoices):
        PROFESSIONAL = "professional", _("Professionals")
        GUEST = "guest", _("Guests")

    day = models.DateField()
    audience = models.CharField(max_length=12, choices=Audience.choices)
    score = models.PositiveSmallIntegerField(choices=Score.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "audience", "score"], name="rating_count_once"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=3), name="rating_count_score"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.audience} {self.score}"

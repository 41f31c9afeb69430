"""The tenant: every account belongs to one organisation, and nearly everything hangs on it."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import Picture, User
from healthcompanion.core.models import BaseModel, CodedModel


class Organisation(CodedModel):
    """A practice, clinic or nursing home. An individual account is one with a single member."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual account")
        ORGANISATION = "organisation", _("Organisation")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(_("Name of the practice"), max_length=120)
    # The Organisations-ID, by which members register: without the dashes that people read.
    join_id = models.CharField(  # noqa: DJ001 -- unique; individual accounts have none
        max_length=8, unique=True, null=True, editable=False
    )
    street = models.CharField(_("Address"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=12, blank=True)
    city = models.CharField(_("City"), max_length=80, blank=True)
    phone = models.CharField(_("Phone number"), max_length=30, blank=True)
    logo = models.ForeignKey(Picture, null=True, on_delete=models.SET_NULL, related_name="+")
    requires_second_factor = models.BooleanField(default=False)
    suspended_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=40, default="Europe/Berlin")
    country = models.CharField(_("Country"), max_length=2, default="DE")
    # What the tariff allows. Billing writes it down here; until a tariff is chosen all is on.
    has_sms = models.BooleanField(default=True)
    has_screen_share = models.BooleanField(default=True)
    max_persons = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_persons__gte=2, max_persons__lte=9),
                name="organisation_max_persons",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class MemberState(models.TextChoices):
    """A member's licence, as the administrator sees it."""

    WAITING = "waiting", _("waiting for activation")
    ACTIVE = "active", _("active")
    ENDING = "ending", _("ends with the running call")
    INACTIVE = "inactive", _("deactivated")


class Membership(CodedModel):
    """A person's place in their organisation (DEC-6, DEC-7)."""

    class Role(models.TextChoices):
        PROFESSIONAL = "professional", _("Professional")
        ASSISTANT = "assistant", _("Assistant")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.PROFESSIONAL)
    is_administrator = models.BooleanField(default=False)
    is_licensed = models.BooleanField(default=True)
    # When the licence was last taken away; without a licence and without this, nobody gave one yet.
    deactivated_at = models.DateTimeField(null=True)
    # The licence ends with the call that the person is in (DEC-9).
    is_ending = models.BooleanField(default=False)
    # No longer a member. The row stays for what was billed and for the names in the logs.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "id"], name="membership_keyset"),
            models.Index(
                fields=["user"], condition=models.Q(is_ending=True), name="membership_ending"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

    @property
    def state(self) -> "MemberState":
        """What the administrator sees of the licence (DEC-5, DEC-9)."""
        if self.is_licensed:
            return MemberState.ENDING if self.is_ending else MemberState.ACTIVE
        return MemberState.INACTIVE if self.deactivated_at else MemberState.WAITING


class LicencePeriod(BaseModel):
    """From when to when a member had a licence: what is billed (DEC-32)."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="licence_periods"
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(ended_at=None),
                name="licence_period_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.began_at}"


class Assignment(BaseModel):
    """An assistant works for a professional of the same organisation (DEC-7)."""

    assistant = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="professionals_served"
    )
    professional = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="assistants_assigned"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assistant", "professional"], name="assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.assistant_id} {self.professional_id}"


class MemberInvitation(CodedModel):
    """An administrator's mail to somebody who is to become a member (DEC-5)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(_("E-mail"))
    first_name = models.CharField(_("First name"), max_length=80, blank=True)
    last_name = models.CharField(_("Last name"), max_length=80, blank=True)
    role = models.CharField(
        max_length=12, choices=Membership.Role.choices, default=Membership.Role.PROFESSIONAL
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code

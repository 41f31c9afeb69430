"""The tenant: every account belongs to one organisation, and nearly everything hangs on it."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.models import BaseModel, CodedModel


class Organisation(CodedModel):
    """A practice, clinic or nursing home. An individual account is one with a single member."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual account")
        ORGANISATION = "organisation", _("Organisation")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(_("Name of the practice"), max_length=120)
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


class Membership(BaseModel):
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

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

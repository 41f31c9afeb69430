"""People without an account: the guest, and each of their arrivals."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.keys import link_key_id
from healthcompanion.core.models import CodedModel
from healthcompanion.organisations.models import Organisation


class Guest(CodedModel):
    """A person at one appointment or meeting. The link belongs to them (DEC-13).

    When and for how long the link works is written down here by the room that invites.
    """

    class Role(models.TextChoices):
        PATIENT = "patient", _("Patient")
        RELATIVE = "relative", _("Relative")
        INTERPRETER = "interpreter", _("Interpreter")
        COLLEAGUE = "colleague", _("Colleague")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    host = models.ForeignKey(User, on_delete=models.PROTECT, related_name="guests")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.PATIENT)
    # The patient beside whom a relative, interpreter or colleague takes part (A23).
    companion_of = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="companions"
    )
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Last name"), max_length=80)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Mobile number"), max_length=30, blank=True)
    language = models.CharField(max_length=2, default="de")
    scheduled_at = models.DateTimeField()
    link_version = models.PositiveIntegerField(default=1)
    link_key = models.CharField(max_length=8, default=link_key_id)  # which key made the link
    link_expires_at = models.DateTimeField()
    link_closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)  # by themselves

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(companion_of__isnull=True) | ~models.Q(role="patient"),
                name="guest_companion_is_no_patient",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def has_open_link(self) -> bool:
        """Neither closed by the host nor past its time (INV-3, INV-4)."""
        return self.link_closed_at is None and self.link_expires_at > timezone.now()


class Visit(CodedModel):
    """One arrival of a guest, with the states and times of DEC-15."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("arriving")
        CHECKED = "checked", _("devices checked")
        WAITING = "waiting", _("in the waiting room")
        CALLED = "called", _("being called")
        CONSULTATION = "consultation", _("in the consultation")
        ENDED = "ended", _("ended")
        LEFT = "left", _("left")

    OVER: ClassVar = (State.ENDED, State.LEFT)
    HERE: ClassVar = (State.WAITING, State.CALLED, State.CONSULTATION)

    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="visits")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ANNOUNCED)
    confirmed_name = models.CharField(max_length=160, blank=True)
    has_camera = models.BooleanField(null=True)
    has_microphone = models.BooleanField(null=True)
    checked_at = models.DateTimeField(null=True)
    waiting_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    consultation_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guest"],
                condition=~models.Q(state__in=["ended", "left"]),
                name="visit_one_open_per_guest",
            )
        ]
        indexes = [models.Index(fields=["state"], name="visit_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state not in self.OVER

    @property
    def other_name(self) -> str:
        """The confirmed name, where it is not the one that was invited; else ""."""
        confirmed = self.confirmed_name
        return "" if _plain(confirmed) in ("", _plain(self.guest.full_name)) else confirmed


class DeviceCheck(models.Model):
    """What the last check of a guest's device found, for the practice to see (A25). Each part is
    true, false, or null where it was not tried.
    """

    class Path(models.TextChoices):
        DIRECT = "direct", _("direct connection")
        RELAYED = "relayed", _("connection through a relay")
        NONE = "none", _("no connection")

    class Light(models.TextChoices):
        GREEN = "green", _("Device is ready")
        YELLOW = "yellow", _("Device: with limits")
        RED = "red", _("Device: needs help")

    guest = models.OneToOneField(Guest, on_delete=models.CASCADE, related_name="device_check")
    camera = models.BooleanField(null=True)
    microphone = models.BooleanField(null=True)
    speaker = models.BooleanField(null=True)
    path = models.CharField(max_length=7, choices=Path.choices, blank=True)
    is_slow = models.BooleanField(null=True)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.guest_id} {self.light}"

    @property
    def light(self) -> Light:
        """Red: no conversation would come about. Yellow: one with limits, or not all was tried."""
        if self.microphone is False or self.speaker is False or self.path == self.Path.NONE:
            return self.Light.RED
        works = self.camera and self.microphone and self.speaker and self.path and not self.is_slow
        return self.Light.GREEN if works else self.Light.YELLOW

    @property
    def findings(self) -> Sequence[str | Promise]:
        """What is not as it should be, in words."""
        found = {
            _("no picture"): self.camera is False,
            _("microphone does not work"): self.microphone is False,
            _("no sound heard"): self.speaker is False,
            _("no connection"): self.path == self.Path.NONE,
            _("slow connection"): self.is_slow is True,
        }
        untried = None in (self.camera, self.microphone, self.speaker) or not self.path
        return [text for text, holds in found.items() if holds] + [_("not all tried")] * untried


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())

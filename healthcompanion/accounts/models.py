"""People with an account."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from healthcompanion.core.models import AppendOnlyModel, CodedModel


class Picture(CodedModel):
    """A small picture of a person or an organisation: re-encoded by us, without metadata."""

    data = models.BinaryField()  # WebP, at most 512 pixels wide and high

    def __str__(self) -> str:
        return self.code


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(CodedModel, AbstractBaseUser):
    """A person who signs in. The e-mail address, in lower case, is the only user name."""

    email = models.EmailField(_("E-mail"), unique=True)
    title = models.CharField(_("Title"), max_length=40, blank=True)
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Last name"), max_length=80)
    street = models.CharField(_("Address"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=12, blank=True)
    city = models.CharField(_("City"), max_length=80, blank=True)
    country = models.CharField(_("Country"), max_length=2, default="DE")
    phone = models.CharField(_("Phone number"), max_length=30, blank=True)
    language = models.CharField(
        _("Language"),
        max_length=2,
        choices=[("de", _("German")), ("en", _("English"))],
        default="de",
    )
    picture = models.ForeignKey(Picture, null=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # of the operator: the back office (DEC-36)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def full_name(self) -> str:
        """The name with its title, as patients know it."""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)


class AddressChange(CodedModel):
    """A new e-mail address that waits until its owner has shown that it is theirs (DEC-10)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes")
    email = models.EmailField(_("New e-mail address"))
    former = models.EmailField()  # who is told once it was changed
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class Verification(CodedModel):
    """The operator's check that somebody may practise, by an "Approbationsnachweis" (DEC-11)."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        VERIFIED = "verified", _("verified")
        REJECTED = "rejected", _("rejected")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="verification")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(_("Reason of the rejection"), max_length=300, blank=True)
    # Sealed (core.sealing); emptied some weeks after the decision.
    document = models.BinaryField(null=True)
    media_type = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.code


class LegalAcceptance(AppendOnlyModel):
    """Which version of which text a person accepted, and when (DEC-3)."""

    class Document(models.TextChoices):
        TERMS = "terms", _("Terms of use")
        PRIVACY = "privacy", _("Privacy")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="acceptances")
    document = models.CharField(max_length=10, choices=Document.choices)
    version = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class SignIn(CodedModel):
    """A browser in which somebody is signed in, as the list of their devices shows it (DEC-1)."""

    PHONES: ClassVar = ("iPhone", "iPad", "Android")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    last_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.code

    @property
    def is_phone(self) -> bool:
        return self.system in self.PHONES


class Preferences(models.Model):
    """The switches of "Allgemein" and the devices of "Audio & Video" (SET-2 to SET-7, AV-1)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preferences")
    downloads_attachments = models.BooleanField(default=False)
    accepts_calls = models.BooleanField(default=False)
    is_muted = models.BooleanField(default=False)
    is_visible = models.BooleanField(default=False)
    asks_consent = models.BooleanField(default=False)
    # Names of devices: their ids differ from browser to browser.
    microphone = models.CharField(max_length=200, blank=True)
    camera = models.CharField(max_length=200, blank=True)
    speaker = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"

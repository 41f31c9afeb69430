"""What we tell people outside the pages, and whether it reached them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import User
from healthcompanion.core.models import CodedModel
from healthcompanion.core.phones import readable
from healthcompanion.organisations.models import Organisation


class Message(CodedModel):
    """A mail or SMS on its way. It names its subject; address and text are looked up at sending."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        QUEUED = "queued", _("on its way")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("delivered")
        FAILED = "failed", _("not delivered")
        DROPPED = "dropped", _("no longer needed")

    class Reason(models.TextChoices):
        NONE = "", ""
        ADDRESS = "address", _("The mail server says that this address does not exist.")
        UNREACHABLE = "unreachable", _("The mail server cannot be reached at the moment.")
        REFUSED = "refused", _("The mail server refused the mail.")
        UNSUPPORTED = (
            "unsupported",
            _("The mail server cannot do what this address or the settings ask for."),
        )
        SMS_AWAY = "sms_away", _("The SMS service cannot be reached at the moment.")
        SMS_REFUSED = (
            "sms_refused",
            _("The SMS service refused the message. Is the mobile number right?"),
        )
        UNCERTAIN = "uncertain", _("The sending was interrupted: it may have arrived or not.")
        INTERNAL = "internal", _("Something went wrong on our side. The operator can see it.")

    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE)
    sender = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.EMAIL)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=12, choices=Reason.choices, default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # while it is being sent: until when its worker has it
    handed_over_at = models.DateTimeField(null=True)  # written before the transport gets it
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_due",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["kind", "reference"], name="message_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class OutboxMail(CodedModel):
    """A whole mail or SMS as the demo keeps it instead of sending it ("Postausgang")."""

    channel = models.CharField(
        max_length=6, choices=Message.Channel.choices, default=Message.Channel.EMAIL
    )
    from_address = models.CharField(max_length=200, blank=True)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)  # each: name, mimetype, content

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code

    @property
    def has_html(self) -> bool:
        return bool(self.html)

    @property
    def is_sms(self) -> bool:
        return self.channel == Message.Channel.SMS

    @property
    def recipient(self) -> str:
        """The address or number as people write it."""
        return readable(self.to) if self.is_sms else self.to

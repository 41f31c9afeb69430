"""The switches of "Allgemein" (SET-2 to SET-5, SET-7) and the devices of "Audio & Video" (AV-1).

HLaN waits for the operator (DEC-29)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthcompanion.accounts.models import Preferences, User


@dataclass(frozen=True)
class Switch:
    """One of them: its field, and what people read."""

    field: str
    icon: str
    title: str | Promise
    text: str | Promise


SWITCHES = (
    Switch(
        "downloads_attachments",
        "download",
        _("Download attachments automatically"),
        _("All documents in the chat with colleagues are downloaded automatically."),
    ),
    Switch(
        "accepts_calls",
        "phone",
        _("Accept incoming calls automatically"),
        _("Calls of contacts and in meetings are accepted after 5 seconds, with your devices."),
    ),
    Switch(
        "is_muted",
        "bell-off",
        _("Mute incoming calls and messages"),
        _("Nothing sounds when somebody calls, writes or arrives. You still see it."),
    ),
    Switch(
        "is_visible",
        "search",
        _("Visibility in the search for external contacts"),
        _(
            "Others find you by name, organisation and city, never by your e-mail address. "
            "Please reload the page after switching it on."
        ),
    ),
    Switch(
        "asks_consent",
        "file-check",
        _("Electronic consent of patients"),
        _("You can send your patients the consent to the video consultation and get it digitally."),
    ),
)
FIELDS = {switch.field for switch in SWITCHES}


def turn(user: User, field: str, *, on: bool) -> None:
    """Set one switch. KeyError for what is none."""
    if field not in FIELDS:
        raise KeyError(field)
    Preferences.objects.update_or_create(user=user, defaults={field: on})


def choose_devices(user: User, *, camera: str, microphone: str, speaker: str) -> None:
    """Remember the names of the standard devices; "" = what the browser takes by itself."""
    Preferences.objects.update_or_create(
        user=user, defaults={"camera": camera, "microphone": microphone, "speaker": speaker}
    )

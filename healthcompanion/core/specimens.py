"""What the style guide shows: tokens and variants by name. The markup is in its templates."""

from pathlib import Path
from typing import Any

from django.conf import settings

COLOURS = (
    "page surface surface-raised surface-sunken surface-hover line line-strong ink ink-soft "
    "accent accent-strong accent-soft waiting waiting-strong waiting-soft "
    "online online-strong online-soft danger danger-strong danger-soft focus"
).split()
SECTIONS = "tokens buttons fields notices lists surfaces call errors".split()
BUTTONS = (
    ("button--primary", "Termin erstellen", "plus"),
    ("", "Link kopieren", "copy"),
    ("button--quiet", "Abbrechen", ""),
    ("button--danger", "Termin löschen", "trash-2"),
    ("button--danger-quiet", "Termin löschen", "trash-2"),
)
TOASTS = (
    ("success", "E-Mail erfolgreich zugestellt an Max Mustermann"),
    ("info", "Die Einladung wurde eben erst gesendet."),
    ("warning", "Das Gespräch läuft noch. Bitte legen Sie zuerst auf."),
    ("error", "E-Mail konnte nicht zugestellt werden an Erika Beispiel"),
)
ERROR_PAGES = ("400", "403", "403_csrf", "404", "429", "500")


def specimens() -> dict[str, Any]:
    """The style guide's context."""
    listed = (Path(settings.BASE_DIR) / "static" / "img" / "icons.txt").read_text().splitlines()
    return {
        "colours": COLOURS,
        "spaces": range(1, 8),
        "sections": SECTIONS,
        "buttons": BUTTONS,
        "toasts": TOASTS,
        "icons": [name for name in listed if name and not name.startswith("#")],
        "error_pages": ERROR_PAGES,
    }

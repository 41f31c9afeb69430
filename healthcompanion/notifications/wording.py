"""Who can put which kind of message into words.

A room registers a renderer for each kind of message that it may ask for; the text is made at
the moment of sending, so that it is never stale and jobs carry nothing but ids.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True)
class Mail:
    """A mail ready to go out."""

    to: str
    to_name: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)


Renderer = Callable[[str], Mail | None]
_renderers: dict[str, Renderer] = {}


def renders(kind: str) -> Callable[[Renderer], Renderer]:
    """Registers a function that turns a reference into a mail, or None if it is obsolete."""

    def register(renderer: Renderer) -> Renderer:
        _renderers[kind] = renderer
        return renderer

    return register


def render(kind: str, reference: str) -> Mail | None:
    """The mail for `reference`; None where its subject is gone. KeyError for unknown kinds."""
    return _renderers[kind](reference)


def compose(
    template: str,
    *,
    to: str,
    to_name: str,
    subject: str,
    language: str,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> Mail:
    """A mail from `<template>.txt` and `<template>.html`. Call it under `language` already."""
    values = {"operator": settings.HC_OPERATOR, "subject": subject, "to_name": to_name, **context}
    with translation.override(language):
        return Mail(
            to=to,
            to_name=to_name,
            subject=subject,
            text=render_to_string(f"{template}.txt", values).strip() + "\n",
            html=render_to_string(f"{template}.html", values),
            headers={"Auto-Submitted": "auto-generated", **(headers or {})},
        )

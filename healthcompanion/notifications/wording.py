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

from healthcompanion.notifications.models import Message


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with a mail."""

    name: str
    content: str
    mimetype: str


@dataclass(frozen=True)
class Mail:
    """A mail ready to go out."""

    to: str
    to_name: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Text:
    """An SMS ready to go out."""

    to: str
    to_name: str
    text: str


Words = Mail | Text
Renderer = Callable[[str], Words | None]
Channel = Message.Channel
_renderers: dict[tuple[str, str], Renderer] = {}
_harmless_twice: set[str] = set()


def renders(
    kind: str, channel: Message.Channel = Channel.EMAIL, *, harmless_twice: bool = False
) -> Callable[[Renderer], Renderer]:
    """Registers a function that turns a reference into a mail or SMS, or None if it is obsolete.

    `harmless_twice`: where nobody can know whether it went out (the process was killed in that
    very moment), it goes out again; otherwise its sender is told and decides.
    """

    def register(renderer: Renderer) -> Renderer:
        _renderers[kind, channel] = renderer
        if harmless_twice:
            _harmless_twice.add(kind)
        return renderer

    return register


def render(kind: str, reference: str, channel: str = Channel.EMAIL) -> Words | None:
    """The words for `reference`; None where its subject is gone. KeyError for unknown kinds."""
    return _renderers[kind, channel](reference)


def is_harmless_twice(kind: str) -> bool:
    """Whether a message of this kind may rather arrive twice than not at all."""
    return kind in _harmless_twice


def compose(
    template: str,
    *,
    to: str,
    to_name: str,
    subject: str,
    language: str,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
    attachments: tuple[Attachment, ...] = (),
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
            attachments=attachments,
        )

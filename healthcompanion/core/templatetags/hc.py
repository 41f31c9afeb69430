"""The tags that every page uses: icon, field, avatar, and the wording of a waiting time."""

import json
import re
from base64 import b64encode
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, PasswordInput, RadioSelect, Select
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from healthcompanion.core.phones import readable

register = template.Library()

# The build copies the icons that pages use; in development the package itself will do.
ICON_FOLDERS = ("static/build/icons", "node_modules/lucide-static/icons")
SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
INITIALS = 2


@lru_cache(maxsize=256)
def icon_shapes(name: str) -> str:
    """The inside of a lucide icon; LookupError for a name that static/img/icons.txt lacks."""
    for folder in ICON_FOLDERS:
        path = Path(settings.BASE_DIR) / folder / f"{name}.svg"
        if path.is_file() and (match := SHAPES.search(path.read_text(encoding="utf-8"))):
            return re.sub(r"\s*\n\s*", "", match.group(1))
    raise LookupError(f"No icon named {name!r}: add it to static/img/icons.txt and build.")


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An inline drawing in the text's colour; without a label it is hidden from screen readers."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" focusable="false" {}>{}</svg>',
        f" icon--{size}" if size else "",
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"'),
        mark_safe(icon_shapes(name)),  # noqa: S308 -- a file of a pinned package
    )


def initials(name: str) -> str:
    """The first letters of the first and last name, leaving titles such as "Dr. med." out."""
    words = [word for word in name.split() if not word.endswith(".")] or name.split()
    chosen = words if len(words) < INITIALS else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


@register.inclusion_tag("core/components/_avatar.html")
def avatar(
    name: str,
    size: str = "",
    online: bool | None = None,
    picture: Any = None,
    embed: bool = False,
) -> dict[str, Any]:
    """A picture or initials in a circle; with `online` given, also the dot of PAT-11.

    `picture` has a `code`, by which members fetch it. For people without an account it is
    embedded into the page, and then needs its `data` too.
    """
    source = embedded(picture) if picture is not None and embed else ""
    return {
        "initials": initials(name),
        "size": size,
        "online": online,
        "code": picture.code if picture is not None and not embed else "",
        "source": source,
    }


@register.filter
def embedded(picture: Any) -> str:
    """A stored WebP as an address that holds all of it: nobody has to be let in to fetch it."""
    return f"data:image/webp;base64,{b64encode(bytes(picture.data)).decode()}"


@register.simple_tag(takes_context=True)
def allow_wasm(context: template.RequestContext) -> str:
    """Lets this page run WebAssembly from our own files (core.middleware.WasmMiddleware)."""
    if "request" in context:
        context["request"].needs_wasm = True
    return ""


@register.filter
def phone(number: str) -> str:
    """A stored number as people write it."""
    return readable(number)


@register.filter
def minutes_since(moment: datetime | None) -> int:
    """Whole minutes from `moment` until now."""
    return 0 if moment is None else max(0, int((timezone.now() - moment).total_seconds() // 60))


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute that a custom element reads; escaped like any other text."""
    return json.dumps(value)


def control_kind(field: BoundField) -> str:
    """Which of the skeletons in _field.html fits this widget."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, RadioSelect):
        return "radios"
    if isinstance(widget, PasswordInput):
        return "password"
    return "select" if isinstance(widget, Select) else "text"


@register.simple_tag
def field(
    bound: BoundField,
    hint: str = "",
    width: str = "",
    label: str = "",
    mandatory: bool | None = None,
    **attributes: str,
) -> SafeString:
    """Label, control, hint and error of one form field, tied together for screen readers.

    Further arguments become attributes of the control, `_` written for `-`:
    {% field form.email autocomplete="email" inputmode="email" %}
    """
    identifier = bound.auto_id or bound.html_name
    hint = (hint or str(bound.help_text or "")).strip()  # a blank hint hides the form's own
    errors = list(bound.errors)
    described = [f"{identifier}_hint"] * bool(hint) + [f"{identifier}_error"] * bool(errors)
    attrs: dict[str, str | bool] = {
        name.replace("_", "-"): value for name, value in attributes.items()
    }
    if described:
        further = attributes.get("aria_describedby", "")
        attrs["aria-describedby"] = " ".join([*described, further]).strip()
    if errors:
        attrs["aria-invalid"] = "true"
    attrs["class"] = "control"
    for code in ("required", "invalid", "min_value", "max_value"):
        text = str(bound.field.error_messages.get(code, ""))
        if text and "%(" not in text:  # Django's own texts have gaps that only it can fill
            attrs.setdefault(f"data-text-{code.replace('_', '-')}", text)
    context = {
        "field": bound,
        "label": label or bound.label,
        "control": bound.as_widget(attrs=attrs),
        "kind": control_kind(bound),
        "hint": hint,
        "errors": errors,
        "identifier": identifier,
        "required": bound.field.required if mandatory is None else mandatory,
        "width": width,
    }
    return mark_safe(render_to_string("core/components/_field.html", context))  # noqa: S308

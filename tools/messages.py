"""The German texts: `update` collects the strings, `check` finds what is missing.

Strings come from Python and templates; the browser code gets its texts from the page.
"""

import contextlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.core.management import call_command
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("healthcompanion/locale/de/LC_MESSAGES/django.po")
INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b", re.IGNORECASE)


class Collect(makemessages.Command):
    """Django's collector, without guesses: a new string stays empty until translated."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


def collect(root: Path) -> Path:
    """Bring the catalogue below `root` up to date with the sources beside it; its path."""
    if not shutil.which("xgettext"):
        raise SystemExit("gettext is missing: sudo apt-get install gettext")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcompanion.settings")
    django.setup()
    catalogue = root / CATALOGUE
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.chdir(root / "healthcompanion"):
        call_command(
            Collect(),
            locale=["de"],
            extensions=["html", "txt", "py"],
            no_obsolete=True,
            add_location="file",
            verbosity=0,
        )
    tidy(catalogue)
    return catalogue


def tidy(catalogue: Path) -> None:
    """Leave out what changes with every run, so that an unchanged tree gives an empty diff."""
    with catalogue.open("rb") as file:
        entries = read_po(file, locale="de")
    entries.fuzzy = False
    with catalogue.open("wb") as file:
        write_po(file, entries, omit_header=True, width=100, sort_by_file=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Language: de\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    catalogue.write_text(header + catalogue.read_text())


def entries_of(catalogue: Path) -> Catalog:
    with catalogue.open("rb") as file:
        return read_po(file, locale="de")


def complaint(entry: Message) -> str | None:
    """What is wrong with one entry, or None."""
    texts = [entry.string] if isinstance(entry.string, str) else list(entry.string or [""])
    if entry.fuzzy:
        return "fuzzy"
    if not all(texts):
        return "no German text"
    if any(INFORMAL.search(text) for text in texts):
        return "not formal"
    return None


def complaints() -> list[str]:
    """Strings of the sources that the committed catalogue does not cover, one line each."""
    with tempfile.TemporaryDirectory(prefix="hc-messages-") as folder:
        copy = Path(folder)
        ignored = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(ROOT / "healthcompanion", copy / "healthcompanion", ignore=ignored)
        entries = [entry for entry in entries_of(collect(copy)) if entry.id]
    lines = [f"{problem}: {entry.id!r}" for entry in entries if (problem := complaint(entry))]
    committed = ROOT / CATALOGUE
    used = {(entry.context, entry.id) for entry in entries}
    stored = [entry for entry in entries_of(committed) if entry.id] if committed.exists() else []
    return lines + [
        f"no longer used (make messages): {entry.id!r}"
        for entry in stored
        if (entry.context, entry.id) not in used
    ]


def main(verb: str) -> int:
    if verb == "update":
        collect(ROOT)
    problems = complaints()
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"German texts: {len(problems)} to do" if problems else "German texts: complete")
    return 1 if problems and verb == "check" else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"update", "check"}:
        raise SystemExit("python -m tools.messages update | check")
    raise SystemExit(main(sys.argv[1]))

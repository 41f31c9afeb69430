"""The project's own files, as the rules of this folder read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "healthcompanion"

# Rooms, lowest first: each may import those before it and none after it (docs: ARCHITECTURE.md).
ROOMS = (
    "core accounts organisations notifications support guests contacts appointments meetings "
    "consents calls chat billing statistics compliance dashboard backoffice realtime"
).split()


def python_files(folder: Path = PACKAGE) -> list[Path]:
    return sorted(p for p in folder.rglob("*.py") if "migrations" not in p.parts)


def templates() -> list[Path]:
    return sorted(p for p in PACKAGE.glob("*/templates/**/*") if p.suffix in {".html", ".txt"})


def is_mail(template: Path) -> bool:
    """Mails are no pages: programs that show them need style attributes and whole addresses."""
    return "email" in template.parts or "mails" in template.parts


def styles() -> list[Path]:
    return sorted((ROOT / "static/css").rglob("*.css"))


def scripts() -> list[Path]:
    return sorted((ROOT / "frontend").rglob("*.ts"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    """`healthcompanion.calls.actions` for the file's path."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{short(path)}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)

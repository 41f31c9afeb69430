"""Sizes of files and functions. Over the aim is printed, over the limit fails."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Size:
    """How many lines something has, and how many it should and may have."""

    name: str
    lines: int
    aim: int
    limit: int

    def __str__(self) -> str:
        return f"{self.name}: {self.lines} lines, aim {self.aim}, limit {self.limit}"


# pattern below the project's folder, aim, limit; the first that fits counts
FILES = (
    ("healthcompanion/settings.py", 200, 300),
    ("healthcompanion/asgi.py", 40, 40),
    ("healthcompanion/**/*.py", 200, 400),
    ("tests/**/*.py", 120, 400),
    ("tests/**/*.ts", 120, 400),
    ("tools/**/*.py", 200, 400),
    ("bench/**/*.py", 200, 400),
    ("healthcompanion/*/templates/**/*.html", 60, 120),
    ("healthcompanion/*/templates/**/*.txt", 60, 120),
    ("frontend/**/*.ts", 150, 300),
    ("frontend/**/*.mjs", 150, 300),
    ("static/css/**/*.css", 120, 250),
    ("README.md", 120, 200),
)
FUNCTION = (25, 50)
VIEW = (20, 35)


def files() -> Iterator[Size]:
    seen: set[Path] = set()
    for pattern, aim, limit in FILES:
        for path in sorted(ROOT.glob(pattern)):
            if path in seen or "migrations" in path.parts:
                continue
            seen.add(path)
            lines = len(path.read_text().splitlines())
            yield Size(str(path.relative_to(ROOT)), lines, aim, limit)


def functions() -> Iterator[Size]:
    for path in sorted(ROOT.glob("healthcompanion/**/*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                aim, limit = VIEW if is_view(path, node) else FUNCTION
                name = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}()"
                yield Size(name, lines, aim, limit)


def is_view(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = next(iter(node.args.args), None)
    return path.stem.endswith("views") and first is not None and first.arg == "request"


def over_limit() -> list[str]:
    return [str(size) for size in (*files(), *functions()) if size.lines > size.limit]


def over_aim() -> list[str]:
    return [str(size) for size in (*files(), *functions()) if size.aim < size.lines <= size.limit]


if __name__ == "__main__":
    for line in over_aim():
        print(f"larger than its aim: {line}")
    for line in over_limit():
        print(f"TOO LARGE: {line}")
    sys.exit(bool(over_limit()))

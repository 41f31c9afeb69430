"""Close codes of websockets: one home in Python, one in TypeScript, and docs/protocol.md."""

import re
from pathlib import Path

from healthcompanion.core import close_codes
from tests.contracts.source import PACKAGE, ROOT, python_files, scripts, short

HOMES = {PACKAGE / "core/close_codes.py", ROOT / "frontend/lib/close-codes.ts"}
OF_THE_TRANSPORT = {1007, 1009}  # sent below us, by uvicorn
OURS = re.compile(r"(?<![\w.])44\d\d(?!\w)")


def in_python() -> dict[str, int]:
    return {name: code for name, code in vars(close_codes).items() if name.isupper()}


def in_typescript() -> dict[str, int]:
    text = (ROOT / "frontend/lib/close-codes.ts").read_text()
    return {name: int(code) for name, code in re.findall(r"const (\w+) = (\d{4});", text)}


def in_document() -> set[int]:
    text = (ROOT / "docs/protocol.md").read_text()
    return {int(code) for code in re.findall(r"^\| (\d{4}) \|", text, re.MULTILINE)}


def strays(files: list[Path]) -> list[str]:
    return [
        f"{short(path)}: {code}"
        for path in files
        if path not in HOMES
        for code in OURS.findall(path.read_text())
    ]


def test_document_has_every_code_and_no_other() -> None:
    codes = list(in_python().values())

    assert len(codes) == len(set(codes)) > 0
    assert in_document() == {*codes, *OF_THE_TRANSPORT}


def test_browser_gives_them_the_same_names() -> None:
    assert in_typescript()
    assert in_typescript().items() <= in_python().items()


def test_no_other_file_knows_a_code_by_its_number() -> None:
    assert strays([*python_files(), *scripts()]) == []


def test_strays_are_found() -> None:
    assert OURS.findall("close(4410) 4429;") == ["4410", "4429"]
    assert OURS.findall("14410 44100 x4410") == []

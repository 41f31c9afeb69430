"""Imports go one way: between the rooms, and between the layers inside a room."""

from collections.abc import Callable
from pathlib import Path

from tests.contracts.source import PACKAGE, ROOMS, imports, module_of, python_files, short

# Inside a room; modules with other names stand where their imports put them.
LAYERS = {
    "enums": 0,
    "models": 1,
    "rules": 2,
    "queries": 2,
    "actions": 3,
    "tasks": 3,
    "forms": 4,
    "views": 5,
    "urls": 6,
}


def parts(module: str) -> tuple[str, str]:
    """Room and file of `healthcompanion.<room>.<file>…`, empty where there is none."""
    _, room, file = [*module.split("."), "", ""][:3]
    return room, file


def layer(file: str) -> int | None:
    return LAYERS.get("views" if file.endswith("_views") else file)


def offences(wrong: Callable[[str, str], bool], files: list[Path]) -> list[str]:
    """Imports (importer, imported) for which `wrong` holds, as lines to click on."""
    return [
        f"{short(path)}:{line} imports {imported}"
        for path in files
        for line, imported in imports(path)
        if wrong(module_of(path), imported)
    ]


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert rooms - set(ROOMS) == set()


def test_rooms_import_only_lower_rooms() -> None:
    def wrong(importer: str, imported: str) -> bool:
        mine, theirs = parts(importer)[0], parts(imported)[0]
        if not imported.startswith("healthcompanion.") or theirs not in ROOMS:
            return False
        return mine in ROOMS and ROOMS.index(theirs) > ROOMS.index(mine)

    assert offences(wrong, python_files()) == []


def test_layers_import_only_lower_layers() -> None:
    def wrong(importer: str, imported: str) -> bool:
        (room, file), (other, target) = parts(importer), parts(imported)
        if not imported.startswith("healthcompanion.") or room != other or file == target:
            return False
        mine, theirs = layer(file), layer(target)
        return mine is not None and theirs is not None and theirs > mine

    assert offences(wrong, python_files()) == []


def test_views_of_other_rooms_are_imported_by_views_only() -> None:
    def wrong(importer: str, imported: str) -> bool:
        (room, file), (other, target) = parts(importer), parts(imported)
        if not imported.startswith("healthcompanion.") or room == other or room not in ROOMS:
            return False
        return layer(target) == LAYERS["views"] and (layer(file) or 0) < LAYERS["views"]

    assert offences(wrong, python_files()) == []


def test_only_realtime_and_asgi_know_websockets() -> None:
    def wrong(importer: str, imported: str) -> bool:
        foreign = imported.split(".")[0] in {"starlette", "websockets", "a2wsgi"}
        return foreign and importer != "healthcompanion.asgi" and parts(importer)[0] != "realtime"

    assert offences(wrong, python_files()) == []


def test_product_imports_no_tests_and_no_tools() -> None:
    def wrong(importer: str, imported: str) -> bool:
        return imported.split(".")[0] in {"tests", "tools", "pytest", "playwright", "factory"}

    assert offences(wrong, python_files()) == []

"""docs/compliance/data-catalogue.md says of every stored field what it is for and when it goes.

Its table: | model | field | what | purpose | legal basis | kept for | deleted by |
A model is written `room.Model`; several fields may share a row, separated by commas. Tables of
libraries are named as a whole, with `*` for their fields.
"""

from dataclasses import dataclass

from django.apps import apps

from tests.contracts.source import ROOT

COLUMNS = 7
# Lists of names that Django keeps for itself; nothing in them is about a person.
LISTS = {"contenttypes.ContentType", "auth.Permission", "auth.Group"}


@dataclass(frozen=True)
class Row:
    """One line of the catalogue's table."""

    model: str
    fields: list[str]
    cells: list[str]


def rows() -> list[Row]:
    text = (ROOT / "docs/compliance/data-catalogue.md").read_text()
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        model = cells[0].strip("`")
        if line.startswith("|") and "." in model:
            fields = [field.strip(" `") for field in cells[1].split(",")]
            found.append(Row(model, fields, cells))
    return found


def stored() -> set[tuple[str, str]]:
    """Every (model, field) that the database keeps."""
    pairs = set()
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        name = f"{model._meta.app_label}.{model.__name__}"
        if name in LISTS:
            continue
        if model.__module__.startswith("healthcompanion."):
            pairs |= {(name, field.name) for field in model._meta.fields if field.name != "id"}
        else:
            pairs.add((name, "*"))
    return pairs


def test_every_stored_field_is_catalogued() -> None:
    catalogued = {(row.model, field) for row in rows() for field in row.fields}

    assert sorted(stored() - catalogued) == []


def test_catalogue_names_nothing_that_is_not_stored() -> None:
    catalogued = {(row.model, field) for row in rows() for field in row.fields}

    assert sorted(catalogued - stored()) == []


def test_every_row_is_filled_in() -> None:
    assert [row.cells for row in rows() if len(row.cells) != COLUMNS or not all(row.cells)] == []

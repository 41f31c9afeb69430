"""Every template compiles, and every template, address and file that one names exists."""

import ast
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist
from django.template.base import Template
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.urls import get_resolver

from tests.contracts.source import is_mail, python_files, short, templates

NAMES = {path.as_posix().split("/templates/")[1]: path for path in templates()}
STATIC = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
URL = re.compile(r"""\{%\s*url\s+["']([^"']+)["']""")
NOUN = re.compile(r"deliver|visit|waiting|appointment|guest|patient|invit", re.IGNORECASE)
UNTRIMMED = re.compile(r"\{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)[^%]*%\}")


def exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_template_is_found_before_a_librarys(name: str) -> None:
    found: Any = get_template(name)

    assert found.origin.name == str(NAMES[name])


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles_and_what_it_includes_exists(name: str) -> None:
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # backend's own

    parents: Any = template.nodelist.get_nodes_by_type(ExtendsNode)
    includes: Any = template.nodelist.get_nodes_by_type(IncludeNode)
    parts = [node.parent_name.var for node in parents] + [node.template.var for node in includes]
    missing = [part for part in parts if isinstance(part, str) and not exists(part)]
    assert missing == []


def test_templates_named_in_python_exist() -> None:
    named = {
        node.value: f"{short(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"[a-z_]+/[a-z_/]+\.(html|txt)", node.value)
    }

    assert {name: place for name, place in named.items() if not exists(name)} == {}


def test_addresses_named_in_templates_exist() -> None:
    known = {
        f"{space}:{name}" if space else str(name)
        for space, resolver in [("", get_resolver())]
        + [(key, entry[1]) for key, entry in get_resolver().namespace_dict.items()]
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    used = {(name, short(path)) for path in templates() for name in URL.findall(path.read_text())}

    assert {(name, place) for name, place in used if name not in known} == set()


def test_static_files_named_in_templates_exist() -> None:
    used = {
        (name, short(path)) for path in templates() for name in STATIC.findall(path.read_text())
    }

    assert {(name, place) for name, place in used if finders.find(name) is None} == set()


def test_translated_blocks_are_trimmed() -> None:
    pages = [path for path in templates() if not (is_mail(path) and path.suffix == ".txt")]

    assert [short(path) for path in pages if UNTRIMMED.search(path.read_text())] == []


def test_components_of_core_know_no_nouns() -> None:
    """What shows a delivery or a wait belongs to the room that owns the noun."""
    components = [name for name in NAMES if name.startswith("core/components/")]

    assert components
    assert [name for name in components if NOUN.search(name + NAMES[name].read_text())] == []

"""What must not stand in any page, style or script: queries, inline code, other people's hosts."""

import re
from pathlib import Path

from tests.contracts.source import is_mail, python_files, scripts, short, styles, templates

# JSON for a script is data, not code; `{{ value|json_script }}` makes the same element.
INLINE = re.compile(
    r"""<script\b(?![^>]*\bsrc=)(?![^>]*\btype="application/json") # code in the page
      | <[^>]*\shx-(?:on|vals\s*=\s*["']js:) | javascript:         # code in an attribute
      | <[^>]*\son[a-z]+\s*=                                       # onclick and its kind
    """,
    re.VERBOSE | re.IGNORECASE,
)
STYLE = re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE)
FOREIGN_IN_PAGE = re.compile(
    r"""<(?!a\s)[^>]*\b(?:src|srcset|href|action|poster|data|formaction|ping)\s*=\s*["']\s*(?:https?:)?//
      | url\(\s*["']?(?:https?:)?//
    """,
    re.VERBOSE | re.IGNORECASE,
)
FOREIGN_IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?:https?:)?//""", re.IGNORECASE)
FOREIGN_IN_SCRIPT = re.compile(
    r"""["'`](?:https?:|wss?:)?//(?!www\.w3\.org/)[a-z\d]""", re.IGNORECASE
)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)


def found(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Each hit as `file:line text`. Comments of templates do not count."""
    hits = []
    for path in files:
        text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text())
        hits += [
            f"{short(path)}:{text.count(chr(10), 0, hit.start()) + 1} {hit[0].strip()[:80]}"
            for hit in pattern.finditer(text)
        ]
    return hits


def test_views_contain_no_query() -> None:
    views = [path for path in python_files() if path.stem.endswith("views")]

    assert found(re.compile(r"\.objects\b|\._default_manager\b"), views) == []


def test_templates_contain_no_inline_script() -> None:
    assert found(INLINE, templates()) == []


def test_pages_contain_no_inline_style() -> None:
    pages = [path for path in templates() if not is_mail(path)]

    assert found(STYLE, pages) == []


def test_pages_name_no_other_host() -> None:
    assert found(FOREIGN_IN_PAGE, templates()) == []


def test_styles_name_no_other_host() -> None:
    assert found(FOREIGN_IN_STYLE, styles()) == []


def test_scripts_name_no_other_host() -> None:
    assert found(FOREIGN_IN_SCRIPT, scripts()) == []


def test_patterns_find_what_they_are_for(tmp_path: Path) -> None:
    """A rule that finds nothing anywhere would pass for the wrong reason."""
    page = Path(__file__).parent / "_offences.html"
    bad = page.read_text().split("\n---\n")

    assert [bool(INLINE.search(text)) for text in bad] == [True, True, True, False, False]
    assert [bool(STYLE.search(text)) for text in bad] == [False, False, False, True, False]
    assert [bool(FOREIGN_IN_PAGE.search(text)) for text in bad] == [
        False,
        False,
        False,
        False,
        True,
    ]

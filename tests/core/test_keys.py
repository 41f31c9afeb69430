"""The installation's keys: lists of them, their names, and what a wrong set says."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from healthcompanion.core import keys

NEW, OLD = "n" * 40, "o" * 40


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for number, name in enumerate(keys.NAMES):
        monkeypatch.setenv(name, f"{number}" * 40)
    return monkeypatch


def test_first_key_of_a_list_is_the_one_in_use(
    production: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "link-keys"
    file.write_text(f"{NEW}\n{OLD}\n")
    production.setenv("HC_LINK_KEY_FILE", str(file))
    production.setenv("HC_MASTER_KEY", f"{'m' * 40} {'l' * 40}")

    found = keys.load(tmp_path, demo=False)

    assert found == {
        "HC_SECRET_KEY": ["0" * 40],
        "HC_LINK_KEY": [NEW, OLD],
        "HC_MASTER_KEY": ["m" * 40, "l" * 40],
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HC_MASTER_KEY", " ", "must be set when HC_DEMO is off"),
        ("HC_SECRET_KEY", "short", "every key needs 32 characters or more"),
        ("HC_LINK_KEY", f"{NEW} short", "every key needs 32 characters or more"),
        ("HC_LINK_KEY", "0" * 40, "no key may be given twice"),
        ("HC_LINK_KEY", f"{NEW} {NEW}", "no key may be given twice"),
    ],
)
def test_wrong_keys_stop_the_start(
    production: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    production.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=sentence) as refusal:
        keys.load(tmp_path, demo=False)

    assert name in str(refusal.value)
    assert not (value.strip() and value in str(refusal.value))


def test_demo_keeps_its_keys_and_makes_those_that_are_new(tmp_path: Path) -> None:
    first = keys.load(tmp_path, demo=True)
    path = tmp_path / "demo-keys.json"
    path.write_text(path.read_text().replace("HC_MASTER_KEY", "HC_OTHER_KEY"))
    second = keys.load(tmp_path, demo=True)

    assert second["HC_LINK_KEY"] == first["HC_LINK_KEY"]
    assert second["HC_MASTER_KEY"] != first["HC_MASTER_KEY"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_key_is_named_without_being_given_away(settings: Settings) -> None:
    settings.HC_LINK_KEYS = [NEW, OLD]

    names = [keys.key_id(NEW), keys.key_id(OLD)]

    assert len(set(names)) == 2
    assert [len(name) for name in names] == [8, 8]
    assert keys.link_key_id() == names[0]
    assert [keys.link_key(name) for name in [*names, "unknown"]] == [NEW, OLD, NEW]

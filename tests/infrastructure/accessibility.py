"""axe-core in the page: nothing that keeps people out."""

from typing import Any

from playwright.sync_api import Page

from tests.infrastructure.server import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}


def nodes(rule: dict[str, Any]) -> list[str]:
    return [node["html"] for node in rule["nodes"]]


def axe(page: Page) -> None:
    """Assert that axe finds no serious or critical violation in the page as it is now."""
    page.evaluate(AXE.read_text() + "; undefined")
    result: dict[str, Any] = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    found = [
        f"{rule['id']} ({rule['impact']}): {rule['help']} {nodes(rule)}"
        for rule in result["violations"]
        if rule["impact"] in GRAVE
    ]
    assert found == [], f"{page.url}:\n" + "\n".join(found)

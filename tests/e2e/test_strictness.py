"""What a page refuses even to its own scripts."""

from collections.abc import Callable

import pytest

from tests.infrastructure.browser import Person
from tests.infrastructure.server import Server

CANARIES = {
    "inline script": (
        "const it = document.createElement('script'); it.textContent = 'window.hacked = 1';"
        "document.body.append(it)"
    ),
    "markup from text": "document.body.innerHTML = '<img src=x onerror=1>'",
}


@pytest.mark.parametrize("canary", CANARIES)
def test_canary_does_not_sing(server: Server, person: Callable[..., Person], canary: str) -> None:
    anna = person("Anna", server)
    anna.expects("TrustedScript|TrustedHTML|Trusted Type|Content Security Policy")
    page = anna.goto("/accounts/login/")

    outcome = page.evaluate(
        f"() => {{ try {{ {CANARIES[canary]} }} catch (error) {{ return error.name }}"
        " return 'allowed' }"
    )

    assert outcome == "TypeError"
    assert page.evaluate("window.hacked") is None

"""Measured figures of a run, shown once at its end: `def test_…(figures): figures("S5", "…")`."""

from collections.abc import Callable

import pytest

Figures = Callable[[str, str], None]
measured: list[tuple[str, str]] = []


@pytest.fixture
def figures() -> Figures:
    """Notes a figure under the name of its measurement."""

    def note(name: str, text: str) -> None:
        measured.append((name, text))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if measured:
        terminalreporter.section("figures")
        for name, text in measured:
            terminalreporter.write_line(f"{name}: {text}")

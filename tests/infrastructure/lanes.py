"""Browser tests in lanes: several pytest processes that share the files of tests among them.

`tools/e2e` starts them with the same folder: who makes a file's name in it runs that file. A test
that was too slow beside another is named in `again` and gets a second run. Nothing else does: what
a page or the server complained about, seen when a test is taken down, stands at once.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import pytest

slow: set[str] = set()
wrong: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lanes", type=Path, required=True, help="folder that the lanes share")


def claimed(folder: Path, items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """The tests of each file that no other lane has begun."""
    for path, tests in groupby(items, key=lambda item: item.path):
        try:
            (folder / path.name).mkdir()
        except FileExistsError:
            continue
        yield from tests


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """As pytest's own, but a file is chosen when the one before it is at its last test."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    tests = claimed(session.config.getoption("lanes"), session.items)
    item = next(tests, None)
    while item is not None:
        following = next(tests, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        (slow if report.when == "call" else wrong).add(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A lane in which tests only wait for their second run has done its work."""
    again = sorted(slow - wrong)
    with (session.config.getoption("lanes") / "again").open("a") as file:
        file.writelines(f"{name}\n" for name in again)
    if exitstatus == pytest.ExitCode.TESTS_FAILED and not wrong:
        session.exitstatus = pytest.ExitCode.OK

"""Real browsers against the real service. `tools/e2e` runs these in a network of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.infrastructure.browser import Person, launched, new_person
from tests.infrastructure.mail import Mailbox, mail_server
from tests.infrastructure.privacy import private_lines
from tests.infrastructure.server import ROOT, Server, running_server

PICTURES = ROOT / "var/e2e"
HERE = Path(__file__).parent
failed = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last of all: Playwright keeps an event loop running, which async tests do not bear."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: pytest.TestReport = yield  # type: ignore[assignment]  # a wrapper gets the result
    if report.when == "call":
        item.stash[failed] = report.failed
    return report  # type: ignore[return-value]  # and gives it on


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright) as running:
        yield running


@pytest.fixture(scope="session")
def all_mail() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mailbox(all_mail: Mailbox) -> Mailbox:
    """What arrives at the SMTP server during this test."""
    all_mail.letters.clear()
    all_mail.unknown.clear()
    return all_mail


@pytest.fixture(scope="session")
def running(all_mail: Mailbox) -> Iterator[Server]:
    with running_server(HC_EMAIL_URL=all_mail.url, HC_LOG_LEVEL="DEBUG") as started:
        yield started
        assert list(private_lines(started.log.read_text())) == []


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The service as in production, mail by SMTP. An error in its log fails the test."""
    running.trouble()
    yield running
    trouble = running.trouble()
    assert not trouble, trouble


@pytest.fixture(scope="session")
def running_demo() -> Iterator[Server]:
    with running_server(HC_DEMO="1") as started:
        yield started


@pytest.fixture
def demo(running_demo: Server) -> Iterator[Server]:
    """The service as a demo: mails stay in the "Postausgang"."""
    running_demo.trouble()
    yield running_demo
    trouble = running_demo.trouble()
    assert not trouble, trouble


@pytest.fixture
def person(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Makes people: `anna = person("Anna", server)`. Their browsers must not complain."""
    people: list[Person] = []

    def make(name: str, at: Server, **options: bool | str) -> Person:
        people.append(new_person(browser, at.url, name, **options))  # type: ignore[arg-type]  # see new_person
        return people[-1]

    yield make
    if request.node.stash.get(failed, False):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for someone in people:
            for number, page in enumerate(someone.context.pages):
                picture = PICTURES / f"{request.node.name}-{someone.name}-{number}.png"
                page.screenshot(path=picture, timeout=5000)
    for someone in people:
        someone.context.close()
    assert [line for someone in people for line in someone.unexpected()] == []

"""What scenes need of the photographer."""

from typing import Protocol

from playwright.sync_api import Page


class Look(Protocol):
    """One way of looking at the pages; takes the pictures of them."""

    def shoot(self, page: Page, name: str, *, whole: bool = True) -> None: ...

"""A real OpenID Connect provider on loopback, in a process of its own, with people it knows."""

import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

from tests.infrastructure.postgres import free_port


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Provider:
    """A running provider; `sign_in` is what a browser would do at its page."""

    def __init__(self, url: str) -> None:
        self.url = url

    def sign_in(self, address: str, subject: str) -> str:
        """Press the button of `subject` at the authorisation page; where that leads."""
        body = urlencode({"sub": subject}).encode()
        request = Request(address, data=body, method="POST")  # noqa: S310 -- loopback
        try:
            build_opener(NoRedirects).open(request, timeout=10)
        except OSError as answer:  # a redirect that is not followed
            headers = getattr(answer, "headers", {})
            with contextlib.closing(answer):  # type: ignore[type-var]  # an HTTPError is a response
                return str(headers["Location"])
        raise AssertionError("the provider did not lead back")


@contextlib.contextmanager
def provider(*people: dict[str, Any]) -> Iterator[Provider]:
    """`oidc-provider-mock`, built on Authlib, with `people` as claims (`sub`, `email`, …)."""
    port = free_port()
    known = [f"--user-claims={json.dumps(person)}" for person in people]
    log = Path(tempfile.mkstemp(prefix="hc-oidc-")[1])
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    made = Provider(f"http://localhost:{port}")
    try:
        _wait(made, process, log)
        yield made
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait(5)
        log.unlink()


def _wait(made: Provider, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            address = f"{made.url}/.well-known/openid-configuration"
            with urlopen(address, timeout=2) as answer:  # noqa: S310 -- loopback
                issuer = re.search(r'"issuer": ?"([^"]+)"', answer.read().decode())
                made.url = issuer[1] if issuer else made.url
                return
        time.sleep(0.1)
    raise RuntimeError(f"The OpenID Connect provider did not start:\n{log.read_text()}")

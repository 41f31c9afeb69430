"""Loaded before Django's settings: chooses the database and a data folder of the run's own.

HC_TEST_DATABASE=sqlite (default) or postgres.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from tests.infrastructure import postgres

running = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Runs while pytest reads its command line, the last moment before settings are loaded."""
    kind = os.environ.get("HC_TEST_DATABASE", "sqlite")
    if kind not in ("sqlite", "postgres"):
        raise pytest.UsageError(f"HC_TEST_DATABASE is sqlite or postgres, not {kind!r}.")
    for name in [name for name in os.environ if name.startswith("HC_") and name not in KEPT]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="hc-tests-")
    running.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HC_DATA_DIR"] = folder
    os.environ["HC_LOG_LEVEL"] = "WARNING"


# Variables of the test run itself; any other of ours would make tests depend on the machine.
KEPT = (
    "HC_TEST_DATABASE",
    "HC_CHROMIUM",
    "HC_OWN_NETWORK",
    "HC_HEADED",
    "HC_FUZZ_FRAMES",
    "HC_FUZZ_SEED",
    "HC_MODEL_EXAMPLES",
)


@pytest.hookimpl(wrapper=True)  # a wrapper runs before pytest-django's hook, which reads settings
def pytest_load_initial_conftests(args: list[str]) -> Generator[None]:
    wanted = os.environ.get("HC_TEST_DATABASE", "sqlite") == "postgres"
    if wanted and not {"--help", "-h", "--version", "--collect-only", "--co"} & set(args):
        os.environ["HC_DATABASE_URL"] = running.enter_context(postgres.cluster())
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.conf import settings  # noqa: PLC0415 -- not before the environment is ready

    # A run that another process ends takes down what it started, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # a kept one would keep its database alive
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {  # pages name static files that nobody collected
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


def pytest_report_header() -> str:
    return f"database: {os.environ.get('HC_TEST_DATABASE', 'sqlite')}"


def pytest_unconfigure() -> None:
    running.close()

"""Two processes would not hear each other, so the second one does not start."""

import subprocess
import sys

import pytest
from django.conf import settings

from healthcompanion.realtime.single import AlreadyServed, SingleProcess

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "healthcompanion.settings"
django.setup()
from healthcompanion.realtime.single import SingleProcess
with SingleProcess():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_process_is_refused_with_a_sentence_until_the_first_is_gone() -> None:
    with SingleProcess(), pytest.raises(AlreadyServed, match="already serves"), SingleProcess():
        pass

    with SingleProcess():
        pass  # the first let go


def test_database_alone_keeps_a_process_of_another_machine_out(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        pytest.skip("SQLite lives on one machine")
    with SingleProcess():
        monkeypatch.setattr(settings, "HC_DATA_DIR", tmp_path)

        with pytest.raises(AlreadyServed), SingleProcess():
            pass


def test_nodes_with_a_redis_share_the_data_and_keep_out_who_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "HC_REDIS_URL", "redis://localhost")
    with SingleProcess(), SingleProcess():
        monkeypatch.setattr(settings, "HC_REDIS_URL", "")
        with pytest.raises(AlreadyServed, match="HC_REDIS_URL"), SingleProcess():
            pass


def test_killed_process_leaves_no_lock() -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyServed), SingleProcess():
        pass

    holder.kill()
    holder.communicate()

    with SingleProcess():
        pass

"""The leaves: codes, append-only rows, local times, events, health."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from healthcompanion.accounts.models import User
from healthcompanion.core import audit, events
from healthcompanion.core.models import ALPHABET, AuditEntry, new_code
from healthcompanion.core.templatetags.hc import initials, minutes_since
from healthcompanion.core.time import local_datetime
from tests.calls.news import News

BERLIN = ZoneInfo("Europe/Berlin")


def test_codes_are_twelve_random_base32_characters() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) == set(ALPHABET)


@pytest.mark.django_db
def test_audit_entries_are_written_once(professional: User) -> None:
    audit.record("test.done", professional, actor=None, organisation_id=7, call=3)
    entry = AuditEntry.objects.get()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()

    assert (entry.subject, entry.actor, entry.organisation_id, entry.data) == (
        f"user:{professional.pk}",
        "system",
        7,
        {"call": 3},
    )


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2027-01-15 14:30", BERLIN, "2027-01-15 13:30"),
        ("2027-07-15 14:30", BERLIN, "2027-07-15 12:30"),
        ("2027-03-28 01:59", BERLIN, "2027-03-28 00:59"),
        ("2027-03-28 03:00", BERLIN, "2027-03-28 01:00"),
        ("2027-10-31 01:59", BERLIN, "2027-10-30 23:59"),
        ("2027-10-31 03:00", BERLIN, "2027-10-31 02:00"),
        ("2027-03-28 02:30", ZoneInfo("UTC"), "2027-03-28 02:30"),
    ],
)
def test_local_time_is_an_instant(local: str, zone: ZoneInfo, instant: str) -> None:
    wanted = datetime.fromisoformat(local)

    found = local_datetime(wanted.date(), wanted.time(), zone)

    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("2027-03-28 02:00", "skipped"),
        ("2027-03-28 02:59", "skipped"),
        ("2027-10-31 02:00", "twice"),
        ("2027-10-31 02:59", "twice"),
    ],
)
def test_local_time_that_nobody_can_mean_is_refused(local: str, code: str) -> None:
    wanted = datetime.fromisoformat(local)

    with pytest.raises(ValidationError) as refusal:
        local_datetime(wanted.date(), wanted.time(), BERLIN)

    assert refusal.value.code == code


@pytest.mark.django_db(transaction=True)
def test_events_are_sent_after_the_commit_and_never_after_a_rollback() -> None:
    news = News()
    events.connect(news)
    try:
        with transaction.atomic():
            events.publish(["user:1"], {"type": "a"})
            events.revoke("user:1", close_code=4401)
            early = list(news.published)
        with transaction.atomic():
            events.publish(["user:1"], {"type": "b"})
            transaction.set_rollback(True)
    finally:
        events.connect(None)

    assert early == []
    assert news.published == [(["user:1"], {"type": "a"})]
    assert news.revoked == [("user:1", 4401)]


@pytest.mark.django_db
def test_publishing_without_a_sink_is_no_error(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        events.publish(["user:1"], {"type": "a"})
        events.revoke("user:1", close_code=4401)
    events.hold("key", 1)

    assert (events.held("key"), events.is_present("user:1")) == (None, False)


@pytest.mark.django_db
def test_health_pages_answer_everybody(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_readiness_depends_on_the_database_and_life_does_not(client: Client) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(away):
        answers = [client.get("/healthz"), client.get("/readyz")]

    assert [answer.status_code for answer in answers] == [200, 503]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Paul Patient", "PP"),
        ("Dr. med. Anna Berger", "AB"),
        ("Maximilian von Hohenstein-Schwarzenfeld", "MH"),
        ("Cher", "C"),
        ("dr.", "D"),
        ("", ""),
        ("李 小龍", "李小"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_minutes_are_whole_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    at = [
        datetime(2027, 1, 15, 11, 50, 1, tzinfo=UTC),
        datetime(2027, 1, 15, 12, 9, 59, tzinfo=UTC),
    ]

    assert [minutes_since(moment) for moment in [None, *at]] == [0, 9, 0]

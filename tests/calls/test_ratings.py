"""The one-tap rating: once for each person and call, and tied to nobody."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.calls.models import Call, CallParticipant, RatingCount
from healthcompanion.calls.ratings import NotRatable, rate_call, rating_counts
from healthcompanion.compliance.retention import apply_retention
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest
from tests.factories import CallFactory, GuestFactory
from tests.infrastructure.clients import signed_in, with_ticket

pytestmark = pytest.mark.django_db


def held_with(guest: Guest) -> Call:
    now = timezone.now()
    return CallFactory(
        guest=guest,
        state=Call.State.ENDED,
        outcome=Call.Outcome.COMPLETED,
        rang_at=now,
        accepted_at=now,
        ended_at=now,
    )


@pytest.fixture
def held(guest: Guest) -> Call:
    return held_with(guest)


@pytest.fixture
def doctor(professional: User) -> Client:
    return signed_in(professional)


def rate(client: Client, call: Call, score: Any, guest: Guest | None = None) -> Any:
    door = f"/g/{guest.code}" if guest else ""
    body = {"score": score}
    return client.post(f"{door}/calls/{call.code}/rating/", body, "application/json")


def counts() -> list[tuple[str, int, int]]:
    return list(RatingCount.objects.order_by("audience").values_list("audience", "score", "count"))


def test_each_of_both_rates_once(doctor: Client, held: Call, guest: Guest) -> None:
    patient = with_ticket(guest)

    answers = [
        rate(doctor, held, 3),
        rate(doctor, held, 1),
        rate(patient, held, 2, guest),
        rate(patient, held, 2, guest),
    ]

    assert [answer.status_code for answer in answers] == [200, 409, 200, 409]
    assert answers[0].json() == {"may_rate": False}
    assert answers[1].json()["error"] == "rated"
    assert counts() == [("guest", 2, 1), ("professional", 3, 1)]
    assert not doctor.get(f"/calls/{held.code}/summary/").json()["may_rate"]


def test_ratings_of_a_day_become_one_number(professional: User) -> None:
    for score in (3, 3, 1, 3):
        call = held_with(GuestFactory(host=professional))
        rate_call(call.participants.get(user=professional), score=score)

    today = timezone.now().date()
    rows = [(row.day, row.score, row.count) for row in rating_counts(today, today)]
    assert rows == [(today, 1, 1), (today, 3, 3)]


def test_nothing_leads_from_a_rating_to_a_person_or_call(doctor: Client, held: Call) -> None:
    rate(doctor, held, 1)

    kept = {field.name for field in RatingCount._meta.get_fields()}
    assert kept == {"id", "day", "audience", "score", "count"}
    assert not any(field.is_relation for field in RatingCount._meta.get_fields())
    assert isinstance(RatingCount._meta.get_field("day"), models.DateField)
    assert not isinstance(RatingCount._meta.get_field("day"), models.DateTimeField)
    assert list(CallParticipant.objects.filter(has_rated=True).values_list("user")) == [
        (held.initiator.pk,)
    ]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("ringing", ""), ("active", ""), ("ended", "missed"), ("ended", "declined")],
)
def test_only_what_was_held_and_is_over_can_be_rated(
    doctor: Client, held: Call, guest: Guest, state: str, outcome: str
) -> None:
    Call.objects.update(state=state, outcome=outcome)

    statuses = [
        rate(doctor, held, 3).status_code,
        rate(with_ticket(guest), held, 3, guest).status_code,
    ]

    assert (statuses, counts()) == ([409, 409], [])
    assert not CallParticipant.objects.filter(has_rated=True).exists()


def test_strangers_rate_nothing(
    held: Call, stranger: User, colleague: User, other_guest: Guest
) -> None:
    answers = [rate(signed_in(user), held, 3) for user in (stranger, colleague)]
    answers += [
        rate(with_ticket(other_guest), held, 3, guest) for guest in (held.guest, other_guest)
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert counts() == []


@pytest.mark.parametrize("score", [0, 4, "3", 2.5, None, [3]])
def test_score_is_one_of_three(doctor: Client, held: Call, score: Any) -> None:
    assert rate(doctor, held, score).status_code == 400
    assert (counts(), CallParticipant.objects.filter(has_rated=True).exists()) == ([], False)


def test_day_is_that_of_utc(held: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)  # already the 16th in Berlin
    monkeypatch.setattr(timezone, "now", lambda: late)

    rate_call(held.participants.get(guest=held.guest), score=2)

    assert RatingCount.objects.get().day == date(2027, 1, 15)


def test_counts_go_after_three_years(held: Call) -> None:
    today = timezone.now().date()
    for days in (1094, 1096):
        day = today - timedelta(days=days)
        RatingCount.objects.create(day=day, audience="guest", score=3, count=1)

    assert apply_retention()["ratings"] == 1
    assert RatingCount.objects.get().day == today - timedelta(days=1094)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted_and_double_taps_once(professional: User) -> None:
    calls = [held_with(GuestFactory(host=professional)) for _ in range(4)]
    places = [call.participants.get(user=professional) for call in calls]
    gate = threading.Barrier(8)
    results: list[str] = []

    def tap(key: int) -> None:
        place = CallParticipant.objects.select_related("call").get(pk=key)
        gate.wait(5)
        try:
            rate_call(place, score=3)
            results.append("counted")
        except NotRatable:
            results.append("refused")
        except Exception as error:  # any other is what this test is looking for
            results.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=(place.pk,)) for place in places * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(results) == ["counted"] * 4 + ["refused"] * 4
    assert counts() == [("professional", 3, 4)]

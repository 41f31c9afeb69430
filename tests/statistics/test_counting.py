"""Figures are counted with what happens, equal the rows while they live, and outlive them."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from healthcompanion.accounts.models import User
from healthcompanion.appointments.actions import create_appointment, send_invitation_again
from healthcompanion.calls import actions
from healthcompanion.calls.models import Call
from healthcompanion.guests.models import Visit
from healthcompanion.notifications.models import Message
from healthcompanion.organisations.models import Organisation
from healthcompanion.statistics.counting import FIGURES, add
from healthcompanion.statistics.models import DayCount
from healthcompanion.statistics.raw import count_anew, raw_counts
from tests.factories import CallFactory, MembershipFactory, VisitFactory

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2027, 12, 31))


def rolled(organisation: Organisation) -> dict[tuple[int, date], dict[str, int]]:
    return {
        (row.user_id, row.day): {name: getattr(row, name) for name in FIGURES if getattr(row, name)}
        for row in DayCount.objects.filter(organisation=organisation)
    }


def raw(organisation: Organisation) -> dict[tuple[int, date], dict[str, int]]:
    counts = raw_counts(organisation, *YEAR)
    return {key: {name: n for name, n in row.items() if n} for key, row in counts.items()}


def invite(organisation: Organisation, user: User, **values: Any) -> Any:
    agreed: dict[str, Any] = {
        "first_name": "Paul",
        "last_name": "Patient",
        "email": "paul@example.net",
        "by_email": True,
        "language": "de",
        "starts_at": timezone.now() + timedelta(days=2),
        "duration_minutes": 20,
    }
    return create_appointment(organisation, user, created_by=user, **(agreed | values))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("around", ["2027-03-28", "2027-10-31", "2026-12-31"])
def test_the_figures_equal_the_rows_whatever_happened(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, around: str, seed: int
) -> None:
    """Random histories of three days around a change of the clocks, or of the year."""
    dice = random.Random(f"{around} {seed}")
    people = [MembershipFactory(organisation=organisation).user for _ in range(3)]
    middle = datetime.fromisoformat(around).replace(tzinfo=UTC)
    for _ in range(25):
        moment = middle + timedelta(seconds=dice.randrange(-86_400, 2 * 86_400))
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        user = dice.choice(people)
        if dice.random() < 0.3:
            row = invite(organisation, user, by_email=dice.random() < 0.8)
            Message.objects.filter(reference=str(row.pk)).update(created_at=moment)
            continue
        call = CallFactory(
            organisation=organisation, initiator=user, rang_at=moment, state="ringing"
        )
        VisitFactory(guest=call.guest, state=Visit.State.CALLED)
        length = timedelta(seconds=dice.randrange(1, 7200), milliseconds=dice.randrange(1000))
        if dice.random() < 0.6:
            actions.accept_call(call, guest=call.guest, answer=None)
            monkeypatch.setattr(timezone, "now", lambda end=moment + length: end)
            actions.end_call(call, actor=user)
        elif dice.random() < 0.5:
            actions.decline_call(call, guest=call.guest)
        else:
            actions.end_call(call, actor=user)

    assert rolled(organisation) == raw(organisation) != {}
    DayCount.objects.update(calls=0)
    count_anew(organisation, *YEAR)
    assert rolled(organisation) == raw(organisation)


def test_counting_anew_never_takes_away(organisation: Organisation, professional: User) -> None:
    day = date(2027, 1, 15)
    add(organisation.pk, professional.pk, day, {"calls": 3, "seconds": 90})

    assert count_anew(organisation, day, day) == 1

    assert rolled(organisation) == {(professional.pk, day): {"calls": 3, "seconds": 90}}


def test_a_call_belongs_to_the_day_on_which_it_rang_in_the_house(
    organisation: Organisation, professional: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rang = datetime(2027, 1, 14, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    call = CallFactory(organisation=organisation, initiator=professional, rang_at=rang)
    monkeypatch.setattr(timezone, "now", lambda: rang + timedelta(days=1))

    actions.end_call(call, actor=professional)

    assert DayCount.objects.get().day == date(2027, 1, 15)


def test_a_patient_is_invited_once_whoever_sends_it_again(
    organisation: Organisation, professional: User
) -> None:
    row = invite(organisation, professional, mobile="+4915112345678", by_sms=True)
    Message.objects.update(
        state=Message.State.SENT, created_at=timezone.now() - timedelta(minutes=5)
    )
    row.refresh_from_db()

    send_invitation_again(row, actor=professional)

    assert Message.objects.count() > 2
    assert DayCount.objects.get().invitations == 1


def test_nothing_is_counted_of_what_is_undone(
    organisation: Organisation, professional: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = CallFactory(organisation=organisation, initiator=professional)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "announce", fail)
    with pytest.raises(RuntimeError):
        actions.end_call(call, actor=professional)

    assert not DayCount.objects.exists()
    assert not Call.objects.filter(state=Call.State.ENDED).exists()


def test_a_second_who_begins_the_day_adds_to_it(
    organisation: Organisation, professional: User
) -> None:
    day = date(2027, 1, 15)
    add(organisation.pk, professional.pk, day, {"calls": 1, "seconds": 60})
    add(organisation.pk, professional.pk, day, {"missed": 1})
    add(organisation.pk, professional.pk, day, {"calls": 1, "seconds": 30})

    row = DayCount.objects.get()
    assert (row.calls, row.seconds, row.missed) == (2, 90, 1)


def test_the_operator_can_have_them_counted_anew(
    organisation: Organisation, professional: User
) -> None:
    invite(organisation, professional)
    DayCount.objects.all().delete()

    call_command("count_figures")

    assert DayCount.objects.get().invitations == 1

"""The visit's state machine: every step that exists, and that no other does."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from healthcompanion.accounts.models import User
from healthcompanion.core import events
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import actions
from healthcompanion.guests.actions import NotPossible
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import latest_visit, visits_that_count
from tests.calls.news import News
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db

# What DEC-15 allows, said a second time on purpose.
STEPS = {
    ("announced", "checked"),
    ("announced", "left"),
    ("announced", "ended"),
    ("checked", "waiting"),
    ("checked", "left"),
    ("checked", "ended"),
    ("waiting", "called"),
    ("waiting", "left"),
    ("waiting", "ended"),
    ("called", "consultation"),
    ("called", "waiting"),
    ("called", "left"),
    ("called", "ended"),
    ("consultation", "ended"),
}
TIMES = {
    "checked": "checked_at",
    "waiting": "waiting_at",
    "called": "called_at",
    "consultation": "consultation_at",
    "ended": "ended_at",
    "left": "ended_at",
}
PAIRS = sorted(product(Visit.State.values, repeat=2))


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=[f"{a}-{b}" for a, b in PAIRS])
def test_visit_takes_the_steps_that_exist_and_no_others(
    guest: Guest, before: str, after: str
) -> None:
    visit = VisitFactory(guest=guest, state=before, waiting_at=None)

    if (before, after) not in STEPS:
        with pytest.raises(NotPossible):
            actions.move(visit, to=after)
        visit.refresh_from_db()
        assert visit.state == before
        return
    actions.move(visit, to=after)

    visit.refresh_from_db()
    stamped = [name for name in set(TIMES.values()) if getattr(visit, name) is not None]
    assert visit.state == after
    assert stamped == ([] if (before, after) == ("called", "waiting") else [TIMES[after]])


def test_waiting_time_survives_a_call_that_came_to_nothing(guest: Guest) -> None:
    since = timezone.now() - timedelta(minutes=10)
    visit = VisitFactory(guest=guest, waiting_at=since)

    actions.move(visit, to=Visit.State.CALLED)
    actions.move(visit, to=Visit.State.WAITING)

    visit.refresh_from_db()
    assert visit.waiting_at == since


def test_of_two_steps_from_the_same_state_one_wins(guest: Guest) -> None:
    visit = VisitFactory(guest=guest)
    stale = Visit.objects.get(pk=visit.pk)
    actions.move(visit, to=Visit.State.CALLED)

    with pytest.raises(NotPossible):
        actions.move(stale, to=Visit.State.LEFT)

    visit.refresh_from_db()
    assert visit.state == Visit.State.CALLED


def test_every_step_is_told_to_host_and_guest(
    guest: Guest, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    news = News()
    events.connect(news)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.move(VisitFactory(guest=guest), to=Visit.State.CALLED)
    finally:
        events.connect(None)

    assert news.published == [
        (
            [f"user:{guest.host_id}", f"guest:{guest.pk}"],
            {"type": "visit.changed", "guest": guest.code, "state": "called"},
        )
    ]


def test_guest_has_one_open_visit(guest: Guest, other_guest: Guest) -> None:
    for over in (Visit.State.LEFT, Visit.State.ENDED):
        VisitFactory(guest=guest, state=over, waiting_at=None)
    mine = VisitFactory(guest=guest, state=Visit.State.CHECKED)
    other = VisitFactory(guest=other_guest)

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitFactory(guest=guest, state=Visit.State.ANNOUNCED)

    assert visits_that_count([guest, other_guest]) == {guest.pk: [mine], other_guest.pk: [other]}
    assert latest_visit(guest) == mine
    assert actions.announce_visit(guest) == mine


def test_arrival_waiting_and_leaving_stand_in_the_audit_trail_without_names(guest: Guest) -> None:
    actions.announce_visit(guest)
    actions.confirm_name(guest, name="Paul Geheim")
    actions.enter_waiting_room(guest, camera=True, microphone=True)
    actions.leave(guest)

    entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.action for entry in entries] == [
        "visit.announced",
        "visit.waiting",
        "visit.left",
    ]
    assert {entry.subject for entry in entries} == {f"guest:{guest.pk}"}
    assert {entry.actor for entry in entries} == {f"guest:{guest.pk}"}
    assert {entry.organisation_id for entry in entries} == {guest.organisation_id}
    assert "Geheim" not in repr([entry.data for entry in entries])


def test_leaving_without_a_visit_is_no_error(guest: Guest) -> None:
    assert actions.leave(guest) is None
    visit = VisitFactory(guest=guest, state=Visit.State.ENDED)
    assert actions.leave(guest) == visit


def test_new_guest_has_a_link_of_the_set_length(professional: User, settings: Settings) -> None:
    settings.HC_LINK_DAYS = 92
    moment = timezone.now() + timedelta(days=3)

    guest = actions.add_guest(
        professional.membership.organisation,
        professional,
        first_name="Paula",
        last_name="Neu",
        email="Paula.Neu@Example.NET",
        language="en",
        scheduled_at=moment,
    )

    assert guest.link_expires_at == moment + timedelta(days=92)
    assert guest.email == "paula.neu@example.net"
    assert guest.has_open_link


def test_closing_the_link_ends_the_visit(guest: Guest, professional: User) -> None:
    visit = VisitFactory(guest=guest)

    actions.close_link(guest, actor=professional)

    visit.refresh_from_db()
    guest.refresh_from_db()
    assert (visit.state, guest.has_open_link) == (Visit.State.ENDED, False)
    assert AuditEntry.objects.get(action="link.closed").actor == f"user:{professional.pk}"

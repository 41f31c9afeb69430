"""The life of a call: ringing, and each of the ways in which it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions
from healthcompanion.calls.actions import CallRefused, NotPossible
from healthcompanion.calls.descriptions import Description
from healthcompanion.calls.models import Call, CallParticipant
from healthcompanion.core.events import guest_channel, user_channel
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.actions import NotPossible as VisitNotPossible
from healthcompanion.guests.models import Guest, Visit
from tests.calls.conftest import OFFER
from tests.calls.news import News
from tests.factories import GuestFactory, VisitFactory

pytestmark = pytest.mark.django_db
ANSWER = Description(type="answer", sdp="v=0 answer")


def trail() -> list[tuple[str, str]]:
    """Actions and actors of the audit trail, oldest first."""
    entries = AuditEntry.objects.filter(action__startswith="call.").order_by("id")
    return [(entry.action, entry.actor.split(":")[0]) for entry in entries]


def accept(call: Call) -> None:
    assert call.guest is not None
    actions.accept_call(call, guest=call.guest, answer=ANSWER)


def decline(call: Call) -> None:
    assert call.guest is not None
    actions.decline_call(call, guest=call.guest)


def hang_up(call: Call) -> None:
    actions.end_call(call, actor=call.initiator)


def time_out(call: Call) -> None:
    Call.objects.filter(pk=call.pk).update(rang_at=timezone.now() - timedelta(seconds=45))
    assert actions.expire_rings() == 1


def test_ringing_puts_both_people_into_the_call(
    ringing: Call, waiting: Visit, professional: User
) -> None:
    waiting.refresh_from_db()
    places = {place.person: place.joined_at for place in ringing.participants.all()}

    assert (ringing.state, ringing.outcome) == ("ringing", "")
    assert places == {professional: ringing.rang_at, waiting.guest: None}
    assert waiting.state == Visit.State.CALLED
    assert trail() == [("call.started", "user")]


def test_ring_reaches_both_and_the_offer_only_the_guest(
    waiting: Visit,
    professional: User,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call = actions.call_guest(waiting.guest, caller=professional, offer=OFFER)

    mine, theirs = news.to(user_channel(professional.pk)), news.to(guest_channel(waiting.guest_id))
    assert [event["type"] for event in mine] == ["visit.changed", "call.ringing"]
    assert [event["type"] for event in theirs] == ["visit.changed", "call.ringing"]
    assert "offer" not in mine[-1]
    assert theirs[-1]["offer"] == {"type": "offer", "sdp": "v=0 offer"}
    assert [event[-1]["call"]["code"] for event in (mine, theirs)] == [call.code, call.code]
    assert set(news.kept) == {f"offer:{call.code}"}


@pytest.mark.parametrize(
    ("step", "state", "outcome", "visit_state", "last"),
    [
        (accept, "active", "", Visit.State.CONSULTATION, ("call.accepted", "guest")),
        (decline, "ended", "declined", Visit.State.WAITING, ("call.declined", "guest")),
        (hang_up, "ended", "cancelled", Visit.State.WAITING, ("call.cancelled", "user")),
        (time_out, "ended", "missed", Visit.State.WAITING, ("call.missed", "system")),
    ],
)
def test_ring_is_answered(
    ringing: Call,
    waiting: Visit,
    step: Callable[[Call], None],
    state: str,
    outcome: str,
    visit_state: str,
    last: tuple[str, str],
) -> None:
    since = waiting.waiting_at

    step(ringing)

    ringing.refresh_from_db()
    waiting.refresh_from_db()
    assert (ringing.state, ringing.outcome, waiting.state) == (state, outcome, visit_state)
    assert waiting.waiting_at == since
    assert trail() == [("call.started", "user"), last]
    assert (ringing.ended_at is None) == (state == "active")
    assert ringing.version == 2


def test_accept_tells_both_and_brings_the_answer_to_the_caller(
    ringing: Call,
    news: News,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        accept(ringing)

    for channel in (user_channel(ringing.initiator_id), guest_channel(ringing.guest_id or 0)):
        accepted = news.to(channel)[-1]
        assert accepted["type"] == "call.accepted"
        assert accepted["answer"] == {"type": "answer", "sdp": "v=0 answer"}
        assert [person["joined"] for person in accepted["call"]["participants"]] == [True, True]


@pytest.mark.parametrize("by_guest", [True, False])
def test_either_side_hangs_up(ringing: Call, waiting: Visit, by_guest: bool) -> None:
    accept(ringing)
    Call.objects.update(accepted_at=timezone.now() - timedelta(seconds=90))

    actions.end_call(Call.objects.get(), actor=waiting.guest if by_guest else ringing.initiator)

    ringing.refresh_from_db()
    waiting.refresh_from_db()
    entry = AuditEntry.objects.get(action="call.completed")
    assert (ringing.state, ringing.outcome) == ("ended", "completed")
    assert ringing.duration >= timedelta(seconds=90)
    assert (waiting.state, waiting.ended_at is None) == (Visit.State.ENDED, False)
    assert entry.data == {"call": ringing.pk, "seconds": 90}
    assert entry.actor.split(":")[0] == ("guest" if by_guest else "user")
    assert not CallParticipant.objects.filter(left_at=None).exists()


def test_guest_who_hangs_up_while_it_rings_declines(ringing: Call, waiting: Visit) -> None:
    actions.end_call(ringing, actor=waiting.guest)

    assert ringing.outcome == "declined"


def test_hanging_up_twice_is_no_error_and_counts_once(ringing: Call) -> None:
    accept(ringing)
    stale = Call.objects.get(pk=ringing.pk)

    hang_up(ringing)
    hang_up(ringing)
    hang_up(stale)

    assert [action for action, _actor in trail()].count("call.completed") == 1


def test_hanging_up_in_the_moment_of_the_accept_ends_the_call(ringing: Call) -> None:
    stale = Call.objects.get(pk=ringing.pk)
    accept(ringing)

    hang_up(stale)

    assert (stale.state, stale.outcome) == ("ended", "completed")


@pytest.mark.parametrize("first", [accept, decline, hang_up])
@pytest.mark.parametrize("second", [accept, decline])
def test_second_answer_finds_the_call_gone(
    ringing: Call, first: Callable[[Call], None], second: Callable[[Call], None]
) -> None:
    stale = Call.objects.get(pk=ringing.pk)
    first(ringing)
    before = trail()

    with pytest.raises(NotPossible):
        second(stale)
    with pytest.raises(NotPossible):
        second(ringing)

    assert trail() == before


def test_ring_ends_by_itself_after_the_set_time_only(ringing: Call, settings: Settings) -> None:
    settings.HC_RING_SECONDS = 30
    now = timezone.now()
    Call.objects.update(rang_at=now - timedelta(seconds=29))
    early = actions.expire_rings()
    Call.objects.update(rang_at=now - timedelta(seconds=30))

    assert (early, actions.expire_rings(), actions.expire_rings()) == (0, 1, 0)


def test_running_call_does_not_time_out(ringing: Call) -> None:
    accept(ringing)
    Call.objects.update(rang_at=timezone.now() - timedelta(hours=5))

    assert actions.expire_rings() == 0


def test_guest_in_a_ring_or_a_call_is_busy(ringing: Call, waiting: Visit, colleague: User) -> None:
    for running in (False, True):
        if running:
            accept(ringing)
        with pytest.raises(CallRefused) as refusal:
            actions.call_guest(waiting.guest, caller=colleague, offer=None)
        assert refusal.value.reason == "busy"
    assert Call.objects.count() == 1


def test_caller_in_a_call_is_busy(ringing: Call, professional: User, news: News) -> None:
    second = VisitFactory(guest=GuestFactory(host=professional))
    news.present.add(guest_channel(second.guest_id))

    with pytest.raises(CallRefused) as refusal:
        actions.call_guest(second.guest, caller=professional, offer=None)

    second.refresh_from_db()
    assert refusal.value.reason == "busy"
    assert second.state == Visit.State.WAITING
    assert trail() == [("call.started", "user")]


@pytest.mark.parametrize("state", [None, "announced", "checked", "ended", "left"])
def test_guest_who_is_not_in_the_waiting_room_is_offline(
    guest: Guest, professional: User, news: News, state: str | None
) -> None:
    news.present.add(guest_channel(guest.pk))
    if state:
        VisitFactory(guest=guest, state=state)

    with pytest.raises(CallRefused) as refusal:
        actions.call_guest(guest, caller=professional, offer=None)

    assert refusal.value.reason == "offline"
    assert not Call.objects.exists()


def test_guest_whose_page_is_gone_is_offline(
    waiting: Visit, professional: User, news: News
) -> None:
    news.present.clear()

    with pytest.raises(CallRefused) as refusal:
        actions.call_guest(waiting.guest, caller=professional, offer=None)

    assert refusal.value.reason == "offline"


def test_guest_can_be_called_again_after_each_end(ringing: Call, professional: User) -> None:
    assert ringing.guest is not None
    for end in (decline, hang_up, time_out):
        end(Call.objects.get(state="ringing"))
        actions.call_guest(ringing.guest, caller=professional, offer=None)

    assert Call.objects.filter(state="ringing").count() == 1


def test_departure_while_it_rings_declines_and_leaves(ringing: Call, waiting: Visit) -> None:
    actions.depart(waiting.guest)

    ringing.refresh_from_db()
    waiting.refresh_from_db()
    assert (ringing.outcome, waiting.state) == ("declined", Visit.State.LEFT)


def test_nobody_departs_in_mid_consultation(ringing: Call, waiting: Visit) -> None:
    accept(ringing)

    with pytest.raises(VisitNotPossible):
        actions.depart(waiting.guest)

    ringing.refresh_from_db()
    waiting.refresh_from_db()
    assert (ringing.state, waiting.state) == ("active", Visit.State.CONSULTATION)

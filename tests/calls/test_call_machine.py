"""Calls under any order of steps, taken by pages that may know an old state of things."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule

from healthcompanion.accounts.models import User
from healthcompanion.calls import actions
from healthcompanion.calls.models import LIVE, Call, CallParticipant
from healthcompanion.core import events
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import actions as visits
from healthcompanion.guests.models import Guest, Visit
from tests.factories import GuestFactory, MembershipFactory
from tests.infrastructure.figures import Figures
from tests.infrastructure.model import LIMIT, DatabaseMachine, explore

State = Call.State
RING_SECONDS = 45
VISIT_IN = {State.RINGING: Visit.State.CALLED, State.ACTIVE: Visit.State.CONSULTATION}
NEWS = {
    ("call.ringing",),
    ("call.ringing", "call.ended"),
    ("call.ringing", "call.accepted"),
    ("call.ringing", "call.accepted", "call.ended"),
}
professional, patient = st.integers(0, 1), st.integers(0, 2)


class Calls(DatabaseMachine):
    """Two professionals and three of their patients, each with any number of pages."""

    pages = Bundle("pages")

    @initialize()
    def begin(self) -> None:
        self.hosts: list[User] = [MembershipFactory().user for _ in range(2)]
        self.guests: list[Guest] = [GuestFactory(host=self.hosts[n % 2]) for n in range(3)]
        self.over: dict[int, dict[str, object]] = {}  # the whole row of each call that ended
        self.accepts: dict[int, int] = {}
        for n in range(3):
            self.arrive(n)

    def present(self, call: Call) -> str:
        return Call.objects.get(pk=call.pk).state

    # -- people come and go ---------------------------------------------------------------------
    @rule(n=patient)
    def arrive(self, n: int) -> None:
        self.news.present.add(events.guest_channel(self.guests[n].pk))
        with self.committed():
            visits.confirm_name(self.guests[n], name="Paul")
            visits.enter_waiting_room(self.guests[n], camera=True, microphone=True)

    @rule(n=patient)
    def lose_the_network(self, n: int) -> None:
        self.news.present.discard(events.guest_channel(self.guests[n].pk))

    @rule(n=patient)
    def depart(self, n: int) -> None:
        guest = self.guests[n]
        active = Call.objects.filter(guest=guest, state=State.ACTIVE).exists()
        try:
            with self.committed():
                actions.depart(guest)
        except visits.NotPossible:
            assert active
        else:
            assert not active
            assert not Call.objects.filter(LIVE, guest=guest).exists()

    # -- calls ----------------------------------------------------------------------------------
    @rule(target=pages, n=patient, by=professional)
    def ring(self, n: int, by: int) -> Any:
        guest, caller = self.guests[n], self.hosts[by]
        visit = guest.visits.exclude(state__in=Visit.OVER).first()
        online = events.guest_channel(guest.pk) in self.news.present
        there = visit is not None and visit.state in Visit.HERE and online
        busy = Call.objects.filter(LIVE).filter(Q(guest=guest) | Q(initiator=caller)).exists()
        try:
            with self.committed():
                call = actions.call_guest(guest, caller=caller, offer=None)
        except actions.CallRefused as refusal:
            met = refusal.reason
        else:
            met = "rings"
            self.accepts[call.pk] = 0
        assert met == ("offline" if not there else "busy" if busy else "rings")
        return call if met == "rings" else multiple()

    @rule(target=pages, page=pages)
    def open_another_page(self, page: Call) -> Call:
        """A second device, or a second node: it reads the row, and acts on that later."""
        return Call.objects.get(pk=page.pk)

    @rule(page=pages)
    def accept(self, page: Call) -> None:
        assert page.guest is not None
        possible = page.state == self.present(page) == State.RINGING
        try:
            with self.committed():
                actions.accept_call(page, guest=page.guest, answer=None)
        except actions.NotPossible:
            assert not possible
        else:
            assert possible
            assert self.present(page) == page.state == State.ACTIVE
            self.accepts[page.pk] += 1

    @rule(page=pages)
    def decline(self, page: Call) -> None:
        assert page.guest is not None
        possible = page.state == self.present(page) == State.RINGING
        try:
            with self.committed():
                actions.decline_call(page, guest=page.guest)
        except actions.NotPossible:
            assert not possible
        else:
            assert possible
            assert Call.objects.get(pk=page.pk).outcome == Call.Outcome.DECLINED

    @rule(page=pages, side=st.sampled_from(["host", "guest", "upkeep"]))
    def hang_up(self, page: Call, side: str) -> None:
        before = Call.objects.get(pk=page.pk)
        actor = {"host": page.initiator, "guest": page.guest, "upkeep": None}[side]
        with self.committed():
            actions.end_call(page, actor=actor)
        after = Call.objects.get(pk=page.pk)
        unanswered = Call.Outcome.DECLINED if side == "guest" else Call.Outcome.CANCELLED
        assert after.state == State.ENDED
        assert (
            after.outcome
            == {
                State.RINGING: unanswered,
                State.ACTIVE: Call.Outcome.COMPLETED,
                State.ENDED: before.outcome,
            }[State(before.state)]
        )

    @rule(seconds=st.sampled_from([20, RING_SECONDS + 1]))
    def time_passes(self, seconds: int) -> None:
        """For rings alone: nothing else of a call has to do with how late it is."""
        for call in Call.objects.filter(state=State.RINGING):
            earlier = call.rang_at - timedelta(seconds=seconds)
            Call.objects.filter(pk=call.pk).update(rang_at=earlier)
            call.participants.filter(joined_at__isnull=False).update(joined_at=earlier)

    @rule()
    def tick(self) -> None:
        limit = timezone.now() - timedelta(seconds=RING_SECONDS)
        late = set(Call.objects.filter(state=State.RINGING, rang_at__lte=limit))
        with self.committed():
            assert actions.expire_rings() == len(late)
        missed = Call.objects.filter(pk__in=[call.pk for call in late])
        assert {call.outcome for call in missed} <= {Call.Outcome.MISSED}
        assert not Call.objects.filter(state=State.RINGING, rang_at__lte=limit).exists()

    # -- what always holds ----------------------------------------------------------------------
    @invariant()
    def one_accept_wins(self) -> None:
        for call in Call.objects.all():
            assert self.accepts[call.pk] == (call.accepted_at is not None)
            steps = 1 + (call.accepted_at is not None) + (call.state == State.ENDED)
            assert call.version == steps
        entries = AuditEntry.objects.filter(action="call.accepted").count()
        assert entries == sum(self.accepts.values() if Call.objects.exists() else [])

    @invariant()
    def what_ended_stays_as_it_is(self) -> None:
        for row in Call.objects.filter(state=State.ENDED).values():
            assert self.over.setdefault(row["id"], dict(row)) == row
            assert row["outcome"]
        assert set(getattr(self, "over", {})) <= set(
            Call.objects.filter(state=State.ENDED).values_list("pk", flat=True)
        )

    @invariant()
    def nobody_is_in_two_calls(self) -> None:
        live = CallParticipant.objects.filter(call__state__in=["ringing", "active"])
        people = [(place.user_id, place.guest_id) for place in live]
        assert len(people) == len(set(people))

    @invariant()
    def visits_follow_their_calls(self) -> None:
        for guest in getattr(self, "guests", []):
            call = Call.objects.filter(LIVE, guest=guest).first()
            visit = guest.visits.exclude(state__in=Visit.OVER).first()
            if call is not None:
                assert visit is not None
                assert visit.state == VISIT_IN[State(call.state)]
            else:
                assert visit is None or visit.state == Visit.State.WAITING

    @invariant()
    def times_are_in_order(self) -> None:
        for call in Call.objects.prefetch_related("participants"):
            times = [call.rang_at, call.accepted_at, call.ended_at]
            known = [time for time in times if time]
            assert known == sorted(known)
            assert (call.accepted_at is not None) == (
                call.state == State.ACTIVE or call.outcome == Call.Outcome.COMPLETED
            )
            for place in call.participants.all():
                assert place.left_at is None or place.joined_at is not None
                known = [it for it in (call.rang_at, place.joined_at, place.left_at) if it]
                assert known == sorted(known)
                assert (place.left_at is not None) == (
                    call.state == State.ENDED and place.joined_at is not None
                )

    @invariant()
    def news_tell_each_step_once_and_in_order(self) -> None:
        for call in Call.objects.all():
            for channel in (f"user:{call.initiator_id}", f"guest:{call.guest_id}"):
                told = [it for it in self.news.to(channel) if it["type"].startswith("call.")]
                mine = tuple(it["type"] for it in told if it["call"]["code"] == call.code)
                assert mine in NEWS
                assert (mine[-1] == "call.ended") == (call.state == State.ENDED)


@pytest.mark.timeout(LIMIT)
@pytest.mark.django_db
def test_calls_keep_their_rules_in_any_order_of_steps(figures: Figures) -> None:
    explore(Calls, figures, examples=35, steps=30)

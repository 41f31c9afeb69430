"""Visits under any order of steps: one open visit for each guest, forwards only, times in order."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule

from healthcompanion.core.models import AuditEntry
from healthcompanion.guests import actions
from healthcompanion.guests.models import Guest, Visit
from healthcompanion.guests.queries import LinkGone
from tests.factories import GuestFactory
from tests.infrastructure.figures import Figures
from tests.infrastructure.model import LIMIT, DatabaseMachine, explore

State = Visit.State
ORDER = ["checked_at", "waiting_at", "called_at", "consultation_at", "ended_at"]
RANK = {state: rank for rank, state in enumerate(State.values)} | {State.LEFT: len(State.values)}
who = st.integers(0, 1)


class Visits(DatabaseMachine):
    """Two guests, each with pages that may know an old state of the visit."""

    pages = Bundle("pages")

    @initialize()
    def begin(self) -> None:
        host = GuestFactory().host
        self.guests: list[Guest] = [GuestFactory(host=host) for _ in range(2)]
        self.seen: dict[int, str] = {}  # the furthest that each visit was
        self.over: dict[int, dict[str, object]] = {}  # the whole row of each that is over
        self.closed: set[int] = set()

    def open_visit(self, guest: Guest) -> Visit | None:
        return guest.visits.exclude(state__in=Visit.OVER).first()

    @rule(n=who)
    def announce(self, n: int) -> None:
        guest, before = self.guests[n], self.open_visit(self.guests[n])
        if guest.pk in self.closed:
            with pytest.raises(LinkGone):
                actions.announce_visit(guest)
            return
        with self.committed():
            visit = actions.announce_visit(guest)
        assert visit.is_open
        assert before is None or visit == before

    @rule(n=who)
    def confirm(self, n: int) -> None:
        if self.guests[n].pk not in self.closed:
            with self.committed():
                assert actions.confirm_name(self.guests[n], name="Paul").confirmed_name == "Paul"

    @rule(n=who, devices=st.booleans())
    def enter(self, n: int, devices: bool) -> None:
        guest = self.guests[n]
        last = guest.visits.order_by("-id").first()
        try:
            with self.committed():
                visit = actions.enter_waiting_room(guest, camera=devices, microphone=devices)
        except LinkGone:
            assert guest.pk in self.closed
        except actions.NameMissing:
            assert last is None or not last.confirmed_name
            assert self.open_visit(guest) == (last if last and last.is_open else None)
        else:
            assert visit.state in Visit.HERE
            assert visit.confirmed_name
            assert (visit.has_camera, visit.has_microphone) == (devices, devices)

    @rule(n=who)
    def leave(self, n: int) -> None:
        visit = self.open_visit(self.guests[n])
        try:
            with self.committed():
                left = actions.leave(self.guests[n])
        except actions.NotPossible:
            assert visit is not None
            assert visit.state == State.CONSULTATION
        else:
            assert visit is None or (left == visit and left.state == State.LEFT)

    @rule(n=who)
    def close_link(self, n: int) -> None:
        guest = self.guests[n]
        with self.committed():
            actions.close_link(guest, actor=guest.host)
        self.closed.add(guest.pk)
        assert self.open_visit(guest) is None

    @rule(n=who)
    def invite_again(self, n: int) -> None:
        """A new appointment's link; what a reopened one would be."""
        Guest.objects.filter(pk=self.guests[n].pk).update(link_closed_at=None)
        self.guests[n].refresh_from_db()
        self.closed.discard(self.guests[n].pk)

    @rule(target=pages, n=who)
    def look(self, n: int) -> Any:
        """A page, or the upkeep of another node, reads the visit and acts on that later."""
        return self.open_visit(self.guests[n]) or multiple()

    @rule(page=pages, to=st.sampled_from(State.values))
    def step(self, page: Visit, to: str) -> None:
        now = Visit.objects.get(pk=page.pk).state
        possible = to in actions.ALLOWED[page.state] and page.state == now
        try:
            with self.committed():
                actions.move(page, to=to)
        except actions.NotPossible:
            assert not possible
            assert Visit.objects.get(pk=page.pk).state == now
        else:
            assert possible
            assert Visit.objects.get(pk=page.pk).state == to == page.state

    @rule(page=pages)
    def abandon(self, page: Visit) -> None:
        now = Visit.objects.get(pk=page.pk).state
        try:
            with self.committed():
                actions.abandon(page)
        except actions.NotPossible:
            assert now != page.state or now in (*Visit.OVER, State.CONSULTATION)
        else:
            assert Visit.objects.get(pk=page.pk).state == State.LEFT

    @invariant()
    def a_guest_has_one_open_visit_at_most(self) -> None:
        for guest in getattr(self, "guests", []):
            assert guest.visits.exclude(state__in=Visit.OVER).count() <= 1
            assert guest.pk not in self.closed or self.open_visit(guest) is None

    @invariant()
    def visits_go_forward_and_stay_over(self) -> None:
        for visit in Visit.objects.order_by("pk"):
            before = self.seen.get(visit.pk, visit.state)
            declined = (before, visit.state) == (State.CALLED, State.WAITING)
            assert declined or RANK[visit.state] >= RANK[before]
            self.seen[visit.pk] = visit.state
            if not visit.is_open:
                row = dict(Visit.objects.filter(pk=visit.pk).values().get())
                assert self.over.setdefault(visit.pk, row) == row

    @invariant()
    def times_are_in_order_and_tell_the_state(self) -> None:
        soon = timezone.now() + timedelta(seconds=1)
        for visit in Visit.objects.all():
            times = [getattr(visit, name) for name in ORDER]
            known = [time for time in times if time is not None]
            assert known == sorted(known)
            assert all(time < soon for time in known)
            assert (visit.ended_at is None) == visit.is_open
            if visit.state not in (State.ENDED, State.LEFT, State.ANNOUNCED):
                assert getattr(visit, actions.TIMES[State(visit.state)]) is not None

    @invariant()
    def every_step_was_news(self) -> None:
        """The last that a guest's pages heard of the visit is how it stands."""
        for guest in getattr(self, "guests", []):
            last = guest.visits.order_by("-id").first()
            heard = [it["state"] for it in self.news.to(f"guest:{guest.pk}")]
            assert heard[-1:] == ([last.state] if last else [])

    @invariant()
    def arrivals_are_on_record_once(self) -> None:
        announced = AuditEntry.objects.filter(action="visit.announced").count()
        assert announced == Visit.objects.count()


@pytest.mark.timeout(LIMIT)
@pytest.mark.django_db
def test_visits_keep_their_rules_in_any_order_of_steps(figures: Figures) -> None:
    explore(Visits, figures, examples=35, steps=30)

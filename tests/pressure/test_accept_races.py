"""Two tabs of a guest accept at once, a thousand times: each time exactly one wins (DEC-16)."""

import threading
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from healthcompanion.calls import actions
from healthcompanion.calls.models import Call
from healthcompanion.core.models import AuditEntry
from healthcompanion.guests.models import Guest, Visit
from tests.factories import CallFactory, VisitFactory
from tests.infrastructure.figures import Figures

RACES = 1000


class Tab(threading.Thread):
    """One window of the guest's: presses "Accept" as soon as both are ready, race after race."""

    def __init__(self, guest: Guest, start: threading.Barrier, finish: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.guest, self.gate, self.finish = guest, start, finish
        self.call: Any = None
        self.result = ""

    def run(self) -> None:
        try:
            for _ in range(RACES):
                self.gate.wait(20)
                self.result = self.accept()
                self.finish.wait(20)
        except threading.BrokenBarrierError:
            pass  # the test has failed and says why
        finally:
            connection.close()

    def accept(self) -> str:
        try:
            actions.accept_call(self.call, guest=self.guest, answer=None)
        except actions.NotPossible:
            return "lost"
        except Exception as error:  # any other is what this test is looking for
            return repr(error)
        return "won"


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_accept_at_once_exactly_one_wins_each_time(
    guest: Guest, figures: Figures
) -> None:
    visit = VisitFactory(guest=guest, state=Visit.State.CALLED)
    call = CallFactory(guest=guest)
    start, finish = threading.Barrier(3), threading.Barrier(3)
    tabs = [Tab(guest, start, finish) for _ in range(2)]
    for tab in tabs:
        tab.start()
    outcomes, began = Counter[str](), time.monotonic()

    for number in range(RACES):
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.CALLED)
        Call.objects.filter(pk=call.pk).update(state="ringing", accepted_at=None, version=1)
        for tab in tabs:
            tab.call = Call.objects.get(pk=call.pk)
        start.wait(20)
        finish.wait(20)
        results = [tab.result for tab in tabs]
        call.refresh_from_db()
        visit.refresh_from_db()
        assert sorted(results) == ["lost", "won"], number
        assert (call.state, call.version, visit.state) == ("active", 2, "consultation"), number
        outcomes[f"tab {results.index('won') + 1}"] += 1

    for tab in tabs:
        tab.join(20)
    assert AuditEntry.objects.filter(action="call.accepted").count() == RACES
    seconds = time.monotonic() - began
    told = ", ".join(f"{who} won {count}" for who, count in sorted(outcomes.items()))
    figures("R7", f"{RACES} races of two tabs in {seconds:.0f} s: one winner each time; {told}")

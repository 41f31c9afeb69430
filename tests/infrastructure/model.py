"""Model-based tests: hypothesis looks for a row of steps after which a rule of ours is broken.

The steps follow from the code alone (no chance, no stored state), so that every run tries the
same. HC_MODEL_EXAMPLES=2000 looks longer and elsewhere, and takes its time to find the shortest
row of steps that shows a fault.
"""

import os
from contextlib import ExitStack
from typing import Any, ClassVar

from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from healthcompanion.core import events
from tests.calls.news import News
from tests.infrastructure.figures import Figures

WANTED = os.environ.get("HC_MODEL_EXAMPLES")
LIMIT = 120 + 5 * int(WANTED or 0)  # seconds for one machine


class DatabaseMachine(RuleBasedStateMachine):
    """Begins each example with an empty database and a sink that keeps the news."""

    tried: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.news = News()
        events.connect(self.news)
        self.example = ExitStack()
        self.example.enter_context(transaction.atomic())
        self.tried[type(self).__name__] = self.tried.get(type(self).__name__, 0) + 1

    def committed(self) -> Any:
        """What is done inside is told to open pages at its end, as after a commit."""
        return TestCase.captureOnCommitCallbacks(execute=True)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.close()
        events.connect(None)


def explore(machine: type[DatabaseMachine], figures: Figures, *, examples: int, steps: int) -> None:
    """Run the machine; an AssertionError comes with the row of steps that led to it."""
    chosen = settings(
        max_examples=int(WANTED or examples),
        stateful_step_count=steps,
        derandomize=WANTED is None,
        phases=[Phase.generate, Phase.shrink] if WANTED else [Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    count = DatabaseMachine.tried[machine.__name__]
    figures("R11", f"{machine.__name__}: {count} rows of up to {steps} steps, no rule broken")

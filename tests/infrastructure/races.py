"""Several do something at the same moment, on a database with real commits."""

import random
import threading
from collections.abc import Callable

from django.db import connection

from healthcompanion.calls.actions import NotPossible


def race(
    *runners: Callable[[], object], refusals: tuple[type[Exception], ...] = (NotPossible,)
) -> list[str]:
    """Let the runners start together; what each of them met with, in their order.

    "lost" is a refusal or the result 0; any other exception stands there as it is.
    """
    gate = threading.Barrier(len(runners))
    results = ["" for _ in runners]

    def run(lane: int, runner: Callable[[], object]) -> None:
        try:
            gate.wait(5)
            results[lane] = "lost" if runner() == 0 else "won"
        except refusals:
            results[lane] = "lost"
        except Exception as error:  # any other is what the test is looking for
            results[lane] = repr(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(lane, runner)) for lane, runner in enumerate(runners)
    ]
    random.shuffle(threads)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results

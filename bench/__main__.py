"""`python -m bench [P1 P4 …]`: measures what is named, or all, and prints one table."""

import sys
import traceback
from collections.abc import Callable

from bench import calls, figures, logs, machine, memory, pages, relay, scale, storm, writes
from bench.table import Row, table

# One measurement may answer for several figures.
MEASUREMENTS: dict[tuple[str, ...], Callable[[set[str]], list[Row]]] = {
    ("P1", "P2", "P5"): relay.measure,
    ("P4",): memory.measure,
    ("P7",): storm.measure,
    ("P9", "P10"): calls.measure,
    ("P13", "P14"): calls.measure_faults,
    ("P16", "P18"): pages.measure,
    ("P17",): scale.measure,
    ("P20",): writes.measure,
    ("P21",): figures.measure,
    ("P22",): logs.measure,
}


def main(names: list[str]) -> int:
    known = {key for keys in MEASUREMENTS for key in keys}
    wanted = {name.upper() for name in names} or known
    if wanted - known:
        print(f"unknown: {' '.join(sorted(wanted - known))}; there are {' '.join(sorted(known))}")
        return 2
    rows: list[Row] = []
    failed = False
    with machine.prepared():
        for keys, measure in MEASUREMENTS.items():
            if wanted & set(keys):
                print(f"measuring {' '.join(sorted(wanted & set(keys)))} …", file=sys.stderr)
                try:
                    rows += measure(wanted & set(keys))
                except Exception:  # the others are worth having without it
                    traceback.print_exc()
                    failed = True
    print(f"\n{machine.description()}\n\n{table(rows)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

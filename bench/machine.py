"""What the machine is asked: which core, how much processor time, how much memory."""

import contextlib
import os
import platform
import resource
import statistics
from collections.abc import Iterator
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]


@contextlib.contextmanager
def prepared() -> Iterator[None]:
    """Room for thousands of sockets, the client's core for us, and precedence where we may."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    os.sched_setaffinity(0, {CLIENT_CORE})
    group = Path("/proc/self/autogroup")  # Linux shares cores between terminals, then by nice
    with contextlib.suppress(OSError):  # other work on the machine shall not be measured
        os.setpriority(os.PRIO_PROCESS, 0, -20)
        group.write_text("-20")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            group.write_text("0")


@contextlib.contextmanager
def on_core(*cores: int) -> Iterator[None]:
    """Processes that this thread starts in the block run on `cores`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def stepping_back() -> Iterator[None]:
    """Processes that this thread starts in the block give way to those that are measured."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, 10)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # who is not root cannot go back
            os.setpriority(os.PRIO_PROCESS, 0, before)


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process and its children so far, to the nanosecond."""
    return sum(_thread_seconds(each) for each in (pid, *_children(pid)))


def _thread_seconds(pid: int) -> float:
    spent = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # it ended just now
            spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found]


def private_dirty_kib(pid: int) -> int:
    """Memory that belongs to this process alone: what one more socket adds to."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1])
    raise RuntimeError("this kernel does not say how much memory is private")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


median = statistics.median


def description() -> str:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {len(CORES)} cores, {memory:.0f} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )

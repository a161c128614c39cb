"""What a worker costs, bare and isolated, and whether many of them leave anything behind, in one run.

    python benchmarks/sandbox.py [rounds] [workers]

Ready is from the question to the worker's report of its layers; `bare` forks from the same kind of zygote with every layer
off. Then one submission of hw2, the reference, is graded whole through a zygote that is warm, over and over; and many
workers are started in a row, each of which computes, with what the grader and the zygote hold counted before and after.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.assignment import load, solutions_folder
from autograder.grading.bench import HANDLER
from autograder.grading.grade import grade
from autograder.grading.references import References
from autograder.sandbox import probe
from autograder.sandbox.budget import Budget
from autograder.sandbox.isolation import field_of_status
from autograder.sandbox.workers import Forked, source
from autograder.submission import take_in

ROOT = Path(__file__).resolve().parent.parent
EVERY = ("wall", "watchdog", "rlimits", "no capabilities", "no new privileges", "landlock", "seccomp")
WEIGH, COMPUTE = (json.dumps({"what": what}).encode() for what in ("weigh", "compute"))


def milliseconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    started = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - started)


def ready(zygote: Forked) -> float:
    """Milliseconds until a worker is ready."""
    started = time.perf_counter()
    with zygote.start(Budget()) as worker:
        _ = worker.layers
        return 1000 * (time.perf_counter() - started)


def entries(folder: str) -> int:
    """How many entries a folder has."""
    return len(list(Path(folder).iterdir()))


def workers(rounds: int) -> None:
    """Ready times of workers, and what one weighs."""
    with source(probe.HANDLER, "fork") as isolated, source(probe.HANDLER, "fork", without=EVERY) as bare:
        zygotes = {"isolated": isolated, "bare": bare}
        for zygote in zygotes.values():
            zygote.warm(probe.LIBRARIES)
            ready(zygote)
        taken: dict[str, list[float]] = {name: [] for name in zygotes}
        for _ in range(rounds):
            for name, zygote in zygotes.items():
                taken[name].append(ready(zygote))
        for name, times in taken.items():
            print(f"worker ready, {name:9} {statistics.median(times):7.1f} ms   (median of {rounds})")
        several = [isolated.start(Budget()) for _ in range(4)]
        for worker in several:
            worker.ask(COMPUTE, 60)
        weights = [int(json.loads(worker.ask(WEIGH, 60))) / 2**20 for worker in several]
        print(f"memory of a worker that has computed, Pss with three others: {statistics.median(weights):.0f} MB")
        for worker in several:
            worker.close()


def submissions(rounds: int) -> None:
    """One submission of hw2, whole, through a warm zygote."""
    folder = ROOT / "assignments" / "hw2"
    assignment = load(folder)
    solutions = solutions_folder(folder, "hw2")
    submission = take_in(solutions, assignment.files)
    with (
        tempfile.TemporaryDirectory() as kept,
        source(HANDLER, "fork") as zygote,
        References(assignment, solutions, Path(kept), zygote) as references,
    ):
        if not grade(assignment, submission, references, zygote).perfect:
            sys.exit("the reference does not pass: nothing here means anything")
        times = [milliseconds(lambda: grade(assignment, submission, references, zygote)) for _ in range(rounds)]
        print(f"one submission of hw2 through a warm zygote: {statistics.median(times):.0f} ms   (median of {rounds})")


def leaks(count: int) -> None:
    """What is held before and after many workers."""

    def held(zygote: Forked) -> dict[str, int]:
        return {
            "open files of the grader": entries("/proc/self/fd"),
            "threads of the grader": entries("/proc/self/task"),
            "memory of the grader, MB": field_of_status("VmRSS") // 2**20,
            "open files of the zygote": entries(f"/proc/{zygote.pid}/fd"),
            "threads of the zygote": entries(f"/proc/{zygote.pid}/task"),
            "memory of the zygote, MB": field_of_status("VmRSS", zygote.pid) // 2**20,
            "folders": sum(len(folders) for _, folders, _ in os.walk(zygote.home)),
        }

    with source(probe.HANDLER, "fork") as zygote:
        zygote.warm(probe.LIBRARIES)
        ready(zygote)
        before = held(zygote)
        started = time.perf_counter()
        for _ in range(count):
            with zygote.start(Budget()) as worker:
                if json.loads(worker.ask(COMPUTE, 60)):
                    sys.exit("a worker cannot compute")
        seconds = time.perf_counter() - started
        print(f"{count} workers in a row, each of which computes: {seconds:.0f} s")
        for name, after in held(zygote).items():
            print(f"  {name:28} {before[name]:5} before, {after:5} after")


if __name__ == "__main__":
    rounds, count = [int(value) for value in sys.argv[1:3]] + [30, 500][len(sys.argv) - 1 :]
    workers(rounds)
    submissions(rounds)
    leaks(count)

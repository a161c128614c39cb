"""What a class costs beside another checkout of dlkit: CPU seconds and the grader's memory, in interleaved runs.

    python benchmarks/beside.py ../other [hw2 ...] [--students 60] [--pairs 3] [--cold]

The other checkout has a `.venv` with its own dlkit, as `make demo` leaves it. Both grade the same sample class with the same
seed. First, each grades it once, so that the answers of its references are kept; with `--cold`, nothing is kept. CPU seconds are
those of all processes of a run, memory is the most that the grader's own process held. Printed are medians, and the median of
each pair's ratio.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
MEGABYTE = 1024  # the kernel counts in kB
SEED = "20261129"  # of the class's inputs
POLL = 0.05  # seconds between two looks at a process's memory


@dataclass(frozen=True)
class Cost:
    """What one run took.

    Attributes:
        cpu: seconds of all its processes.
        memory: MB that the grader's process held at most.
        wall: seconds.
    """

    cpu: float
    memory: float
    wall: float


def main() -> None:
    """Grade the classes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, help="another checkout, with a .venv")
    parser.add_argument("assignments", nargs="*", default=["hw2"])
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--cold", action="store_true", help="keep no answers of the references")
    chosen = parser.parse_args()
    checkouts = [chosen.other.resolve(), HERE]
    print(f"{'':6}{'CPU, other':>13}{'here':>11}{'ratio':>7}{'memory, other':>13}{'here':>11}{'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.assignments:
            place = Path(folder) / name
            made = [
                HERE / ".venv/bin/dlkit",
                "sample-class",
                f"assignments/{name}",
                "--students",
                str(chosen.students),
                "--out",
                place,
            ]
            subprocess.run([*map(str, made)], cwd=HERE, check=True, capture_output=True)
            caches = [None if chosen.cold else Path(folder) / f"cache {name} {number}" for number in range(2)]
            if not chosen.cold:
                for checkout, cache in zip(checkouts, caches, strict=True):
                    cost_of(checkout, name, place, cache)
            pairs = [
                [cost_of(checkout, name, place, cache) for checkout, cache in zip(checkouts, caches, strict=True)]
                for _ in range(chosen.pairs)
            ]
            print(row(name, pairs), flush=True)


def row(name: str, pairs: list[list[Cost]]) -> str:
    """A line of the table."""
    text = f"{name:6}"
    for field, unit in (("cpu", "s"), ("memory", "MB")):
        other, here = ([getattr(pair[which], field) for pair in pairs] for which in (0, 1))
        ratio = statistics.median(b / a for a, b in zip(other, here, strict=True))
        text += f"{statistics.median(other):>10.0f} {unit:2}{statistics.median(here):>8.0f} {unit:2}{ratio:>7.2f}"
    return text


def cost_of(checkout: Path, name: str, place: Path, cache: Path | None) -> Cost:
    """Grade a class with the dlkit of a checkout, into a gradebook that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        command = [checkout / ".venv/bin/dlkit", "grade", f"assignments/{name}", "--submissions", place / "submissions"]
        command += ["--roster", place / "roster.csv", "--gradebook", f"{folder}/gradebook.db"]
        Path(folder, "seed").write_text(SEED)
        command += ["--seed-file", f"{folder}/seed"]
        environment = {**os.environ, "DLKIT_CACHE": str(cache or folder), "CI": "true"}
        started = time.monotonic()
        with Path(folder, "said").open("w+") as said:
            process = subprocess.Popen(
                [*map(str, command)], cwd=checkout, env=environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL
            )
            memory = 0.0
            while True:
                memory = max(memory, held_by(process.pid))
                found, status, usage = os.wait4(process.pid, os.WNOHANG)
                if found:
                    break
                time.sleep(POLL)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                sys.exit(f"{checkout}: {said.read()[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, memory, time.monotonic() - started)


def held_by(pid: int) -> float:
    """The most that a process has held so far, in MB."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / MEGABYTE if found else 0.0
    return 0.0


if __name__ == "__main__":
    main()

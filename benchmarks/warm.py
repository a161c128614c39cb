"""What a student waits for the second time, beside another checkout of dlkit: seconds from prompt to prompt, in interleaved runs.

    python benchmarks/warm.py ../other [--assignment hw2] [--check gd_step] [--work FILE] [--rounds 5] [--json FILE]

The other checkout has a `.venv` with its own dlkit, as `make demo` leaves it. Each has a copy of its course, in which the file
changes before each grading, and each command runs in a terminal of its own. A round of one checkout is: a first grading with an
empty cache, a first one with a filled cache, a second one, and a second one of a single function. Before each there is a pause,
in which somebody would change the file. What stays warm is stopped before each first one. Printed are medians, and the median of
each round's ratio.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pty
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ANSWER = re.compile(rb"[\xe2].{0,20} (?:passed|partly passed|failed|not started|skipped|crashed) ")  # a check's line
DROPPED = ("CI", "DLKIT_WARM", "PYTHONDONTWRITEBYTECODE")  # from the environment: nobody who works has them
PAUSE_SECONDS = 1.0  # before a grading: nobody changes a file faster; a worker is made ready meanwhile, or what was stopped ends
ROWS = ("first, empty cache", "first, filled cache", "second", "second, one function", "first answer of the second")


class UngradedError(Exception):
    """A grading came to nothing: the machine was in the way, or another program on it."""


@dataclass(frozen=True)
class Course:
    """A checkout, and a copy of its course to work in."""

    checkout: Path
    folder: Path
    work: str
    assignment: str

    @property
    def dlkit(self) -> str:
        """The command."""
        return str(self.checkout / ".venv/bin/dlkit")

    @property
    def environment(self) -> dict[str, str]:
        """Of every command: a cache and a runtime folder of its own."""
        kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
        return {**kept, "DLKIT_CACHE": str(self.folder / "cache"), "XDG_RUNTIME_DIR": str(self.folder / "run"), "TERM": "xterm"}

    def lay_out(self) -> None:
        """Copy what is graded."""
        for part in ("assignments", "solutions"):
            shutil.copytree(self.checkout / part / self.assignment, self.folder / part / self.assignment)
        (self.folder / "run").mkdir(mode=0o700)

    def change(self) -> None:
        """Save the work, with a change."""
        spec = (self.folder / "solutions" / self.assignment).glob("*.py")
        name = next(path.name for path in spec if path.name != "misconceptions.py")
        text = f"{self.work}\n# saved {time.time_ns()}\n"
        (self.folder / "assignments" / self.assignment / name).write_text(text, encoding="utf-8")

    def stop(self) -> None:
        """End what stays warm; the other checkout may not know of that."""
        subprocess.run([self.dlkit, "stop"], cwd=self.folder, env=self.environment, capture_output=True, check=False)

    def grade(self, *options: str) -> tuple[float, float]:
        """Seconds from prompt to prompt, and to the first answer."""
        self.change()
        time.sleep(PAUSE_SECONDS)
        command = [self.dlkit, "grade", f"assignments/{self.assignment}", *options]
        ours, theirs = pty.openpty()
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        said, answered = b"", 0.0
        with contextlib.suppress(OSError):  # nobody writes any more
            while part := os.read(ours, 65536):
                said += part
                if not answered and ANSWER.search(said):
                    answered = time.monotonic() - started
        status = process.wait()
        passed = time.monotonic() - started
        os.close(ours)
        if status not in (0, 1):
            raise UngradedError(f"{self.checkout}: {said.decode(errors='replace')[-2000:]}")
        return passed, answered

    def round(self, check: str) -> dict[str, float]:
        """All rows, once."""
        self.stop()
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        found = {ROWS[0]: self.grade()[0]}
        self.stop()
        found[ROWS[1]] = self.grade()[0]
        found[ROWS[2]], found[ROWS[4]] = self.grade()
        found[ROWS[3]] = self.grade("--check", check)[0]
        self.stop()
        return found


def main() -> None:
    """Grade, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, help="another checkout, with a .venv")
    parser.add_argument("--assignment", default="hw2")
    parser.add_argument("--check", default="gd_step", help="the single function")
    parser.add_argument("--work", type=Path, help="the file to grade (default: the reference)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the rows there, too")
    chosen = parser.parse_args()
    reference = next(path for path in (HERE / "solutions" / chosen.assignment).glob("*.py") if path.name != "misconceptions.py")
    work = (chosen.work or reference).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        courses = [
            Course(checkout, Path(folder) / name, work, chosen.assignment)
            for name, checkout in (("other", chosen.other.resolve()), ("here", HERE))
        ]
        for course in courses:
            course.lay_out()
            course.grade("--check", chosen.check)  # so that everything is compiled
        rounds = []
        for number in range(chosen.rounds):
            order = courses if number % 2 == 0 else courses[::-1]
            try:
                found = {course.folder.name: course.round(chosen.check) for course in order}
            except UngradedError as error:
                print(f"round {number + 1} is left out. {error}", file=sys.stderr, flush=True)
                continue
            rounds.append((found["other"], found["here"]))
            print(f"round {number + 1} of {chosen.rounds}", file=sys.stderr, flush=True)
    if not rounds:
        sys.exit("no round was complete")
    medians = {row: summed([(other[row], here[row]) for other, here in rounds]) for row in ROWS}
    print(f"{'':28}{'other':>10}{'here':>10}{'ratio':>8}")
    for row, found in medians.items():
        print(f"{row:28}{found['other']:>8.2f} s{found['here']:>8.2f} s{found['ratio']:>8.3f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(medians, indent=2) + "\n", encoding="utf-8")


def summed(pairs: list[tuple[float, float]]) -> dict[str, float]:
    """The medians of both checkouts' seconds, and that of each round's ratio."""
    other, here = zip(*pairs, strict=True)
    ratio = statistics.median(b / a for a, b in pairs)
    return {"other": statistics.median(other), "here": statistics.median(here), "ratio": ratio}


if __name__ == "__main__":
    main()

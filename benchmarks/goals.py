"""The goals for dlkit's speed, and what was measured of them, in one table.

    python benchmarks/goals.py BEFORE [--students 20] [--rounds 3] [--class-rounds 1] [--others 4] [--json FILE]
        [--parts warm cost ...]

BEFORE is a checkout of an earlier build with an environment in `.venv`; `make bench` installs one. The figures come from
`warm.py`, `cost.py`, `classroom.py` and `kit.py`, which are run one after the other and print their own tables. A part that
fails leaves its rows empty, and the status is 1 then. A goal that is not reached is no failure: the table says so. Figures are
written to FILE as each part ends. With `--parts`, only these are run; the figures of the others are those that FILE holds.

One student of a sample class hands in an endless loop. What a class costs is measured with that student, and without.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import descendants

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SIX = [f"hw{number}" for number in range(1, 7)]
POLL = 0.02  # seconds between two looks at what a command has loaded; TensorFlow takes a second to load
PARTS = ["warm", "cost", "without-endless", "classroom", "kit"]
QUICK = ("a syntax error", "a wrong file name", "--help")  # what needs no TensorFlow


@dataclass(frozen=True)
class Goal:
    """A row of the table.

    Attributes:
        what: is measured.
        bound: the goal, at most or at least.
        least: whether it is a lower bound.
        found: takes the figure out of what the parts measured; raises KeyError where a part has none.
    """

    what: str
    bound: float
    found: Callable[[dict[str, Any]], float]
    least: bool = False

    def row(self, measured: dict[str, Any]) -> str:
        """The line in Markdown."""
        goal = f"{'≥' if self.least else '≤'} {self.bound:.2f}"
        try:
            figure = self.found(measured)
        except KeyError:
            return f"| {self.what} | – | {goal} | not measured |"
        met = figure >= self.bound if self.least else figure <= self.bound
        return f"| {self.what} | {figure:.2f} | {goal} | {'met' if met else 'falls short'} |"


def ratio(before: float, after: float) -> float:
    """What is left of it."""
    return after / before


def warm(row: str) -> Callable[[dict[str, Any]], float]:
    """A row of `warm.py`: seconds here, divided by those of the earlier build."""
    return lambda measured: measured["warm"][row]["ratio"]


def cost(part: str, name: str) -> Callable[[dict[str, Any]], float]:
    """CPU seconds of a class here, divided by those of the earlier build."""
    return lambda measured: ratio(*measured[part][name])


def against(one: str, other: str, *names: str) -> Callable[[dict[str, Any]], float]:
    """Seconds of one way to grade the same classes, divided by those of another."""

    def found(measured: dict[str, Any]) -> float:
        ways = [measured["classroom"]["measured"][name] for name in names]
        return float(sum(way[one]["each"] for way in ways) / sum(way[other]["each"] for way in ways))

    return found


GOALS = (
    Goal("second `dlkit grade assignments/hw2` on a changed file, prompt to prompt", 0.20, warm("second")),
    Goal("the same, one function (`--check gd_step`)", 0.10, warm("second, one function")),
    Goal("first one, empty cache", 1.0, warm("first, empty cache")),
    Goal("first one, filled cache", 1.0, warm("first, filled cache")),
    Goal("first answer on the screen of the second grading", 0.10, warm("first answer of the second")),
    *(
        Goal(f"processes that load TensorFlow for {what}", 0, lambda measured, what=what: measured["quick"][what])  # type: ignore[misc]
        for what in QUICK
    ),
    Goal("CPU of a class of each of the six assignments, sum", 0.5, cost("cost", "sum")),
    Goal("hw5 alone", 0.35, cost("cost", "hw5")),
    Goal("the sum without endless loops", 0.5, cost("without-endless", "sum")),
    Goal("hw5 without endless loops", 0.35, cost("without-endless", "hw5")),
    *(Goal(f"{name}, beside a bare loop that forks", 1.10, against("dlkit", "floor", name)) for name in SIX),
    Goal("pytest, a process each, beside dlkit: hw2", 14, against("pytest", "dlkit", "hw2"), least=True),
    Goal("the same, all six", 8, against("pytest", "dlkit", *SIX), least=True),
    Goal(
        "a kit, unzipped to first grade, beside TensorFlow alone",
        1.10,
        lambda measured: ratio(*measured["kit"]["in all"][:2]),
    ),
)


def main() -> None:
    """Run the parts, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="a checkout of an earlier build, with an environment in .venv")
    parser.add_argument("--students", type=int, default=20, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument(
        "--class-rounds", type=int, default=1, metavar="N", help="rounds of whole classes; CPU seconds vary little"
    )
    parser.add_argument("--others", type=int, default=4, metavar="N", help="submissions that pytest grades")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    asked = parser.parse_args()
    before, students, rounds = str(asked.before.resolve()), str(asked.students), str(asked.rounds)
    classes = ["--students", students, "--rounds", str(asked.class_rounds)]
    parts = {
        "warm": ["warm.py", before, "--rounds", rounds],
        "cost": ["cost.py", before, *classes],
        "without-endless": ["cost.py", before, *classes, "--without-endless"],
        "classroom": ["classroom.py", "--assignments", *SIX, "--students", students, "--others", str(asked.others)],
        "kit": ["kit.py", "--rounds", rounds],
    }
    measured: dict[str, Any] = {}
    if asked.json and asked.json.is_file() and asked.parts != PARTS:
        measured = json.loads(asked.json.read_text(encoding="utf-8"))
    measured["quick"] = dict(quick())
    for name in asked.parts:
        command = parts[name]
        measured.pop(name, None)
        print(f"\n{name}", file=sys.stderr, flush=True)
        with suppress(subprocess.CalledProcessError):  # it has said why
            measured[name] = part(command)
        if asked.json:
            asked.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print("\n| | measured | goal | |\n|---|---:|---:|---|")
    for goal in GOALS:
        print(goal.row(measured))
    sys.exit(int(any(name not in measured for name in asked.parts)))


def part(command: list[str]) -> Any:
    """What a script measured."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        subprocess.run([sys.executable, str(HERE / command[0]), *command[1:], "--json", str(told)], cwd=ROOT, check=True)
        return json.loads(told.read_text(encoding="utf-8"))


def quick() -> Iterator[tuple[str, int]]:
    """How many processes load TensorFlow for a command that does not need it."""
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "xor_mlp.py"
        broken.write_text("def gd_step(:\n", encoding="utf-8")
        missing = Path(folder) / "missing" / "xor_mlp.py"
        grading = ["grade", "assignments/hw2", "--submission"]
        for what, options in zip(QUICK, ([*grading, str(broken)], [*grading, str(missing)], ["--help"]), strict=True):
            yield what, loading([sys.executable, "-m", "dlkit", *options])


def loading(command: list[str]) -> int:
    """How many processes of a command, and of what it starts, have a library of TensorFlow in their memory."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DLKIT_WARM": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    found: set[int] = set()
    while process.poll() is None:
        for pid in descendants(os.getpid()):
            with suppress(OSError):
                if "tensorflow" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace"):
                    found.add(pid)
        time.sleep(POLL)
    return len(found)


if __name__ == "__main__":
    main()

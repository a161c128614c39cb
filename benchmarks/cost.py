"""CPU seconds that two checkouts need to grade the same classes, in one run.

    python benchmarks/cost.py BEFORE [AFTER] [--assignments hw1 ...] [--students 20] [--rounds 3] [--without-endless]
        [--json FILE]

CPU time of all processes is counted, workers and zygotes too, so a busy machine matters less than for seconds on the wall.
Rounds are interleaved; the median and its ratio are printed. A class is invented by AFTER. Each starts with an empty cache and
without a process that stays.

One student of a sample class hands in an endless loop, which costs what the time limit allows, in both checkouts:
`--without-endless` leaves that student out.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIX = [f"hw{number}" for number in range(1, 7)]
ADOPTS = 36  # PR_SET_CHILD_SUBREAPER: whatever a grading leaves behind becomes our child, and is counted


def cpu_of(action: list[str | Path], where: Path, environment: dict[str, str]) -> float:
    """CPU seconds of a command, and of all processes that it starts, until the last of them has ended."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (where / "out.txt").open("w", encoding="utf-8") as out:
        done = subprocess.run(
            action, cwd=where, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, action))}\n{(where / 'out.txt').read_text(encoding='utf-8')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def grading(checkout: Path, name: str, submissions: Path) -> float:
    """CPU seconds of grading a class, from an empty cache."""
    with tempfile.TemporaryDirectory(prefix="dlkit-cost-") as folder:
        where = Path(folder)
        (where / "seed").write_text("4711\n", encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DLKIT")}
        environment = kept | {"DLKIT_CACHE": str(where / "cache"), "DLKIT_WARM": "0"}
        options = ["--gradebook", where / "gradebook.db", "--seed-file", where / "seed", "--submissions", submissions]
        command = [checkout / ".venv/bin/python", "-m", "dlkit", "grade", checkout / "assignments" / name, *options]
        return cpu_of(command, where, environment)


def invented(checkout: Path, name: str, students: int, folder: Path, *, endless: bool) -> Path:
    """A sample class; the folder of its submissions."""
    command = [checkout / ".venv/bin/python", "-m", "dlkit", "sample-class", name, "--students", str(students), "--out", folder]
    subprocess.run(command, cwd=checkout, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    for student in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["students"]:
        if student["kind"] == "hang" and not endless:
            shutil.rmtree(folder / "submissions" / student["student"])
    return folder / "submissions"


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="A checkout with an environment in .venv.")
    parser.add_argument("after", type=Path, nargs="?", default=ROOT, help="Another one (default: this one).")
    parser.add_argument("--assignments", nargs="+", default=SIX, metavar="NAME")
    parser.add_argument("--students", type=int, default=20, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--without-endless", action="store_true")
    parser.add_argument("--json", type=Path, help="Write the medians there, too.")
    asked = parser.parse_args()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(ADOPTS, 1, 0, 0, 0)
    checkouts = [asked.before.resolve(), asked.after.resolve()]
    medians: dict[str, list[float]] = {}
    print(f"CPU seconds, a class of {asked.students}, median of {asked.rounds}\n")
    print("| | before | after | ratio |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="dlkit-cost-") as folder:
        for name in asked.assignments:
            inbox = invented(checkouts[1], name, asked.students, Path(folder) / name, endless=not asked.without_endless)
            rounds = [[grading(checkout, name, inbox) for checkout in checkouts] for _ in range(asked.rounds)]
            medians[name] = [statistics.median(one) for one in zip(*rounds, strict=True)]
            print(row(name, medians[name]), flush=True)
    medians["sum"] = [sum(one) for one in zip(*medians.values(), strict=True)]
    print(row("sum", medians["sum"]))
    if asked.json:
        asked.json.write_text(json.dumps(medians, indent=2) + "\n", encoding="utf-8")


def row(name: str, costs: list[float]) -> str:
    """A line of the table."""
    before, after = costs
    return f"| {name} | {before:.1f} | {after:.1f} | {after / before:.2f} |"


if __name__ == "__main__":
    main()

"""What one grading of hw2, and one of hw4, costs beside a plain `import tensorflow`, shell prompt to shell prompt, in one run.

    python benchmarks/start.py [rounds]

Rounds are interleaved, so that a noisy minute touches every row; medians and ratios are printed. `cold` has no kept
observations of the reference, `warm` has them; `wrong` is the wrong submission of examples/, with its diagnosis kept. hw4 needs
scikit-learn, but no TensorFlow. Beside the seconds stand those of the processors, which say more where others use them too.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DLKIT = [sys.executable, "-m", "dlkit"]
REFERENCE = [*DLKIT, "grade", "assignments/hw2", "--submission", "solutions/hw2"]
LIGHT = [*DLKIT, "grade", "assignments/hw4", "--submission", "solutions/hw4"]
Cost = tuple[float, float]  # seconds by the clock, and of all processors


def seconds(command: list[str], cache: Path) -> Cost:
    """What a command costs that is run as a user runs it."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DLKIT_CACHE": str(cache), "DLKIT_WARM": "0"}, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu


def main(rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept"
        wrong = [*DLKIT, "grade", "assignments/hw2", "--submission", "examples/hw2/ada"]
        rows = {
            "python -c 'import tensorflow'": lambda i: seconds([sys.executable, "-c", "import tensorflow"], kept),
            "dlkit grade hw2, cold": lambda i: seconds(REFERENCE, Path(folder) / f"cold{i}"),
            "dlkit grade hw2, warm": lambda i: seconds(REFERENCE, kept),
            "dlkit grade hw2, warm, template": lambda i: seconds([*DLKIT, "grade", "assignments/hw2"], kept),
            "dlkit grade hw2, warm, wrong": lambda i: seconds(wrong, kept),
            "dlkit grade hw4, cold": lambda i: seconds(LIGHT, Path(folder) / f"light{i}"),
            "dlkit grade hw4, warm": lambda i: seconds(LIGHT, kept),
            "dlkit grade hw4, warm, template": lambda i: seconds([*DLKIT, "grade", "assignments/hw4"], kept),
            "dlkit --help": lambda i: seconds([*DLKIT, "--help"], kept),
        }
        for command in (REFERENCE, wrong, LIGHT):
            seconds(command, kept)  # keeps the observations
        taken: dict[str, list[Cost]] = {name: [] for name in rows}
        for i in range(rounds):
            for name, run in rows.items():
                taken[name].append(run(i))
        plain = medians(taken["python -c 'import tensorflow'"])
        print(f"{'median of ' + str(rounds):34} {'s':>6} {'ratio':>6} {'CPU s':>6} {'ratio':>6}")
        for name, costs in taken.items():
            wall, cpu = medians(costs)
            print(f"{name:34} {wall:6.2f} {wall / plain[0]:6.2f} {cpu:6.2f} {cpu / plain[1]:6.2f}")


def medians(costs: list[Cost]) -> Cost:
    """The median of each of the two."""
    return statistics.median(wall for wall, _ in costs), statistics.median(cpu for _, cpu in costs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

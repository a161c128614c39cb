"""What one grading of hw2 costs beside a plain `import tensorflow`, shell prompt to shell prompt, in one run.

    python benchmarks/start.py [rounds]

Rounds are interleaved, so that a noisy minute touches every row; medians and ratios are printed. `cold` has no kept
observations of the reference, `warm` has them; `wrong` is the wrong submission of examples/, with its diagnosis kept.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DLKIT = [sys.executable, "-m", "dlkit"]
REFERENCE = [*DLKIT, "grade", "assignments/hw2", "--submission", "solutions/hw2"]


def seconds(command: list[str], cache: Path) -> float:
    """Wall-clock seconds of a command that is run as a user runs it."""
    started = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DLKIT_CACHE": str(cache), "DLKIT_WARM": "0"}, capture_output=True, check=False
    )
    return time.perf_counter() - started


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
            "dlkit --help": lambda i: seconds([*DLKIT, "--help"], kept),
        }
        for command in (REFERENCE, wrong):
            seconds(command, kept)  # keeps the observations
        taken: dict[str, list[float]] = {name: [] for name in rows}
        for i in range(rounds):
            for name, run in rows.items():
                taken[name].append(run(i))
        plain = statistics.median(taken["python -c 'import tensorflow'"])
        print(f"{'median of ' + str(rounds):34} {'s':>6} {'ratio':>6}")
        for name, times in taken.items():
            print(f"{name:34} {statistics.median(times):6.2f} {statistics.median(times) / plain:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

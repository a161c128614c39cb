"""What a student's kit takes from its zip to the first grade, beside a bare `pip install` of TensorFlow, in one run.

    python benchmarks/kit.py [--rounds 3] [--assignment hw2] [--json FILE]

Both begin with an empty folder and make a virtual environment of their own. One installs what the kit's requirements name of
TensorFlow on this machine, and imports it. The other follows the kit's README: unzip, install, `dlkit grade`. Rounds are
interleaved, medians and ratios are printed, and the seconds of the processors beside those of the clock. pip has a cache of
its own here, which one round that is not counted fills for both: so what is compared is installing, not the network.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TENSORFLOW = ("tensorflow", "tensorflow-cpu", "keras")
UNPACK = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall()"
Cost = tuple[float, float]  # seconds by the clock, and of all processors


def cost(command: list[str | Path], folder: Path, home: Path, *, may_fail: bool = False) -> Cost:
    """What a command costs in a folder; pip's cache and dlkit's are below a home of ours."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    environment |= {"PIP_CACHE_DIR": str(home / "pip"), "DLKIT_CACHE": str(folder / "kept"), "DLKIT_WARM": "0"}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > may_fail:  # a stub earns no points, which is status 1
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bare(folder: Path, home: Path, wanted: list[str]) -> dict[str, Cost]:
    """TensorFlow alone."""
    pip, python = (folder / ".venv/bin" / name for name in ("pip", "python"))
    return {
        "unzip": (0.0, 0.0),
        "environment": cost([sys.executable, "-m", "venv", ".venv"], folder, home),
        "install": cost([pip, "install", "--quiet", *wanted], folder, home),
        "first use": cost([python, "-c", "import tensorflow"], folder, home),
    }


def kit(folder: Path, home: Path, archive: Path, assignment: str) -> dict[str, Cost]:
    """The kit, as its README says."""
    unpacked = cost([sys.executable, "-c", UNPACK, archive], folder, home)
    inside = folder / archive.stem
    pip, dlkit = (inside / ".venv/bin" / name for name in ("pip", "dlkit"))
    return {
        "unzip": unpacked,
        "environment": cost([sys.executable, "-m", "venv", ".venv"], inside, home),
        "install": cost([pip, "install", "--quiet", "-r", "requirements.txt"], inside, home),
        "first use": cost([dlkit, "grade", assignment], inside, home, may_fail=True),
    }


def named_in(requirements: str) -> list[str]:
    """What a kit's requirements name of TensorFlow for this machine."""
    lines = [line for line in requirements.splitlines() if line and not line.startswith(("#", "./"))]
    read = [Requirement(line) for line in lines]
    return [f"{one.name}{one.specifier}" for one in read if one.name in TENSORFLOW and (not one.marker or one.marker.evaluate())]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--assignment", default="hw2", metavar="NAME")
    parser.add_argument("--json", type=Path, help="write the medians there, too")
    asked = parser.parse_args()
    rounds, assignment = asked.rounds, asked.assignment
    with tempfile.TemporaryDirectory(prefix="dlkit-kit-") as place:
        home = Path(place)
        archive = home / "kit.zip"
        command = [sys.executable, "-m", "dlkit", "release", f"assignments/{assignment}", "--out", archive]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        shutil.unpack_archive(archive, home)
        wanted = named_in((home / "kit/requirements.txt").read_text(encoding="utf-8"))
        if not wanted:
            sys.exit(f"The kit of {assignment} needs no TensorFlow, so there is nothing to compare it with.")
        taken: dict[str, list[dict[str, Cost]]] = {"TensorFlow alone": [], f"kit of {assignment}": []}
        for i in range(rounds + 1):  # the first one fills pip's cache, and is not counted
            for name, found in taken.items():
                folder = home / f"{i}{name}"
                folder.mkdir()
                one = bare(folder, home, wanted) if name == "TensorFlow alone" else kit(folder, home, archive, assignment)
                if i:
                    found.append(one)
                shutil.rmtree(folder)
        medians = medians_of(*taken.values())
        show(medians, rounds, wanted)
        if asked.json:
            asked.json.write_text(json.dumps(medians, indent=2) + "\n", encoding="utf-8")


def medians_of(alone: list[dict[str, Cost]], ours: list[dict[str, Cost]]) -> dict[str, list[float]]:
    """Of each step and of their sums: seconds of TensorFlow alone and of the kit, then both in CPU seconds."""
    return {
        step: [
            statistics.median(sum(one[s][kind] for s in one) if step == "in all" else one[step][kind] for one in side)
            for kind in (0, 1)
            for side in (alone, ours)
        ]
        for step in [*alone[0], "in all"]
    }


def show(medians: dict[str, list[float]], rounds: int, wanted: list[str]) -> None:
    """The table."""
    print(f"Medians of {rounds}, pip's cache filled before. TensorFlow alone: pip install {' '.join(wanted)}\n")
    print(f"{'':12} {'alone, s':>9} {'kit, s':>9} {'ratio':>6} {'alone, CPU s':>13} {'kit, CPU s':>11} {'ratio':>6}")
    for step, row in medians.items():
        ratios = [f"{kit / other:6.2f}" if other else f"{'':6}" for other, kit in (row[:2], row[2:])]
        print(f"{step:12} {row[0]:9.2f} {row[1]:9.2f} {ratios[0]} {row[2]:13.2f} {row[3]:11.2f} {ratios[1]}")


if __name__ == "__main__":
    main()

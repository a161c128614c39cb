"""A class, graded by dlkit and by what courses use instead, in one run: submissions a minute, ratios, memory.

    python benchmarks/classroom.py [--assignments hw2 ...] [--students 60] [--others 12] [--slope 50 500] [--otter PATH]

The submissions are those of a sample class that come to an end by themselves: the alternatives have no time limit. All are
asked the same questions and compared with the same answers of the reference:

    dlkit     isolated workers, limits, diagnosis, gradebook; from an empty cache
    floor     a loop that forks a warm process for each submission and does nothing else: no isolation, limits, diagnosis
    pytest    a fresh process for each submission, two at a time; once with its own threads, once with the floor's settings
    otter     `otter run` for each submission, two at a time

Memory is the proportional share (Pss) of the whole tree of processes at its highest, sampled twice a second. Seconds of
the slower ones are of `--others` submissions and given for each. CPU seconds are those of all processes: on a machine that
others use, too, trust these. With several assignments, the last table has one row for each, and one for all of them. A second
part grades classes of different sizes: what a further submission costs.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import pickle
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from processes import descendants

from autograder.assignment import load, solutions_folder
from autograder.grading.bench import HANDLER
from autograder.grading.digests import versions
from autograder.grading.grade import PUBLIC_SEED, questions
from autograder.grading.references import References
from autograder.sandbox.workers import source

ROOT = Path(__file__).resolve().parent.parent
AGAINST = Path(__file__).resolve().parent / "against"
JOBS = os.cpu_count() or 1
ADOPTS = 36  # PR_SET_CHILD_SUBREAPER: whatever a grading leaves behind becomes our child, and is counted
ENDS = ("ordinary", "perfect", "unfinished", "copy")
TUNED = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TUNED |= {"TF_ENABLE_ONEDNN_OPTS": "0", "ONEDNN_MAX_CPU_ISA": "AVX2", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
QUIET = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}


class Memory:
    """The highest proportional share of memory of this process's descendants, in MB, while it is open."""

    def __enter__(self) -> Memory:
        self.highest = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self.highest = max(self.highest, sum(map(pss, descendants(os.getpid()))))


def pss(pid: int) -> float:
    """The proportional share of a process, in MB."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def each(commands: Sequence[tuple[list[str], dict[str, str]]], jobs: int) -> None:
    """Run commands, some at a time."""

    def run(command: tuple[list[str], dict[str, str]]) -> None:
        arguments, environment = command
        subprocess.run(arguments, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run, commands))


def timed(name: str, count: int, action: object) -> dict[str, float]:
    """Seconds for each submission and memory of one way to grade."""
    print(f"  {name}: {count} submissions ...", file=sys.stderr, flush=True)
    started, used = time.perf_counter(), cpu()
    with Memory() as memory:
        action()  # type: ignore[operator]
    seconds = time.perf_counter() - started
    spent = (cpu() - used) / count
    return {
        "count": count,
        "seconds": round(seconds, 2),
        "each": round(seconds / count, 3),
        "cpu": round(spent, 3),
        "mb": round(memory.highest),
    }


def cpu() -> float:
    """CPU seconds of everything that was started here and has ended; waits for what is left behind."""
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def dlkit(assignment: Path, inbox: Path, folder: Path) -> None:
    """Grade a class with an empty cache."""
    environment = {**os.environ, "DLKIT_CACHE": tempfile.mkdtemp(dir=folder)}
    book = Path(tempfile.mkdtemp(dir=folder)) / "gradebook.db"
    command = [sys.executable, "-m", "dlkit", "grade", str(assignment), "--submissions", str(inbox), "--gradebook", str(book)]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def floor(work: Path, paths: list[Path]) -> None:
    """The unisolated loop over the same files."""
    command = [sys.executable, str(work / "floor.py"), str(JOBS), *map(str, paths)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=work).stdout
    told = sum(line.startswith('{"path"') for line in out.splitlines())  # among what submissions print
    assert told == len(paths), out  # noqa: S101


def lay_out(assignment_folder: Path, folder: Path) -> tuple[Path, list[str]]:
    """The alternatives' files with the questions and the reference's answers, and the names of the checks."""
    assignment = load(assignment_folder)
    cases = questions(assignment, assignment.checks, PUBLIC_SEED)
    with source(HANDLER) as workers:
        workers.warm([*assignment.imports, *(name for check in assignment.checks for name in check.imports)])
        with References(assignment, solutions_folder(assignment_folder, assignment.name), None, workers) as references:
            expected = {
                check.name: {name: answer.observation for name, answer in references.expected(check, cases[check.name]).items()}
                for check in assignment.checks
            }
    work = folder / "against"
    shutil.copytree(AGAINST, work, ignore=shutil.ignore_patterns("__pycache__"))
    (work / "work.pickle").write_bytes(pickle.dumps({"spec": assignment.source, "cases": cases, "expected": expected}))
    return work, list(cases)


def autograder_zip(work: Path, names: list[str]) -> Path:
    """The same questions as Otter's tests."""
    path = work / "autograder.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python", "show_hidden": True}))
        for number, name in enumerate(names):
            archive.writestr(
                f"tests/q{number}.py",
                f"OK_FORMAT = False\nname = 'q{number}'\npoints = 1\n\n"
                "from otter.test_files import test_case\n\n"
                "@test_case(points=1)\n"
                "def test_it(env):\n"
                f"    import sys, types\n    sys.path[:0] = [{str(work)!r}, {str(ROOT)!r}]\n"
                "    from work import differences\n"
                "    module = types.ModuleType('submission')\n"
                "    vars(module).update(env)\n"
                f"    assert differences(module, {name!r}) == []\n",
            )
    return path


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assignments", nargs="+", default=["hw2"], metavar="NAME")
    parser.add_argument("--students", type=int, default=60, metavar="N")
    parser.add_argument("--others", type=int, default=12, metavar="N")
    parser.add_argument("--slope", type=int, nargs="*", default=[], metavar="N", help="sizes of classes of the first assignment")
    parser.add_argument("--otter", help="the otter command of an environment with TensorFlow and Otter-Grader")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(ADOPTS, 1, 0, 0, 0)
    told = {"machine": f"{JOBS} cores, Python {platform.python_version()}", "jobs": JOBS, "versions": dict(versions())}
    measured, slope = {}, {}
    for assignment in options.assignments:
        print(f"\n{assignment}", flush=True)
        with tempfile.TemporaryDirectory(prefix="dlkit-bench-") as folder:
            measured[assignment] = compare(options, ROOT / "assignments" / assignment, Path(folder))
            if assignment == options.assignments[0]:
                slope = {size: classes(assignment, Path(folder), size) for size in options.slope}
        show(measured[assignment], slope if assignment == options.assignments[0] else {})
    if len(measured) > 1:
        summarize(measured)
    if options.json:
        options.json.write_text(json.dumps({**told, "measured": measured, "slope": slope}, indent=2) + "\n")


def compare(options: argparse.Namespace, assignment: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Every way to grade the same class."""
    inbox = folder / "class"
    invented = sample(assignment.name, 2 * options.students, inbox)
    truth = json.loads((inbox / "truth.json").read_text())["students"]
    once = {one["student"] for one in truth if one["kind"] in ENDS and one["attempts"] == 1}
    chosen = [path for path in sorted(invented.iterdir()) if path.name in once][: options.students]
    for path in invented.iterdir():
        if path not in chosen:
            shutil.rmtree(path)
    file = load(assignment).files[0]
    paths = [path / file for path in chosen]
    few = paths[: options.others]
    work, names = lay_out(assignment, folder)
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(work / "test_submission.py")]
    ways: dict[str, tuple[int, object]] = {
        "floor": (len(paths), lambda: floor(work, paths)),
        "dlkit": (len(paths), lambda: dlkit(assignment, invented, folder)),
        "pytest": (len(few), lambda: each([(test, {**QUIET, "SUBMISSION": str(path)}) for path in few], JOBS)),
        "pytest, tuned": (
            len(few),
            lambda: each([(test, {**QUIET, **TUNED, "SUBMISSION": str(path)}) for path in few], JOBS),
        ),
    }
    otter = options.otter or shutil.which("otter")
    if otter:
        archive = autograder_zip(work, names)
        out = folder / "otter"
        commands = []
        for number, path in enumerate(few):
            (out / str(number)).mkdir(parents=True)
            commands.append(([otter, "run", str(path), "-a", str(archive), "-o", str(out / str(number)), "--no-logo"], QUIET))
        each(commands[:1], 1)  # whether it works at all
        result = out / "0" / "results.json"
        if result.is_file():
            ways["otter"] = (len(few), lambda: each(commands, JOBS))
        else:
            print("  otter: it does not run here", file=sys.stderr)
    else:
        print("  otter: not installed; --otter names the command of an environment that has it", file=sys.stderr)
    return {name: timed(name, count, action) for name, (count, action) in ways.items()}


def classes(name: str, folder: Path, size: int) -> dict[str, float]:
    """Dlkit alone on a class of another size, hangs and crashes and all."""
    submissions = sample(name, size, folder / f"class-{size}")
    return timed(f"dlkit, a class of {size}", size, lambda: dlkit(ROOT / "assignments" / name, submissions, folder))


def sample(assignment: str, students: int, inbox: Path) -> Path:
    """A sample class; the folder of its submissions."""
    command = [sys.executable, "-m", "dlkit", "sample-class", assignment, "--students", str(students), "--out", str(inbox)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return inbox / "submissions"


def show(measured: dict[str, dict[str, float]], slope: dict[int, dict[str, float]]) -> None:
    """The table of one assignment."""
    base = measured["dlkit"]["each"]
    print(f"\n{'':16}{'submissions':>12}{'s each':>9}{'CPU s each':>12}{'a minute':>10}{'MB, tree':>10}   dlkit against it")
    for name, row in measured.items():
        times = row["each"] / base
        against = f"{times:.1f} times as fast" if times > 1 else f"{base / row['each']:.2f} times its time"
        print(_row(name, row) + ("" if name == "dlkit" else f"   {against}"))
    for size, row in slope.items():
        print(_row(f"class of {size}", row))
    if len(slope) > 1:
        (small, first), *_, (large, last) = sorted(slope.items())
        print(f"each further submission: {(last['seconds'] - first['seconds']) / (large - small):.3f} s")


def _row(name: str, row: dict[str, float]) -> str:
    return f"{name:16}{row['count']:>12}{row['each']:>9.2f}{row['cpu']:>12.2f}{60 / row['each']:>10.0f}{row['mb']:>10}"


def summarize(measured: dict[str, dict[str, dict[str, float]]]) -> None:
    """The table of all assignments: dlkit's time as a multiple of the floor's, and pytest's as one of dlkit's."""
    print("\n| | dlkit / floor, seconds | dlkit / floor, CPU | pytest / dlkit, seconds | pytest / dlkit, CPU |")
    print("|---|---:|---:|---:|---:|")
    for name, ways in [*measured.items(), ("all", _sums(measured))]:
        ratios = [ways[a][key] / ways[b][key] for a, b in (("dlkit", "floor"), ("pytest", "dlkit")) for key in ("each", "cpu")]
        print(f"| {name} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")


def _sums(measured: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """One submission of each assignment."""
    return {
        way: {key: sum(ways[way][key] for ways in measured.values()) for key in ("each", "cpu")}
        for way in ("floor", "dlkit", "pytest")
    }


if __name__ == "__main__":
    main()

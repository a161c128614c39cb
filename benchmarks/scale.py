"""What a class of thousands costs: memory, seconds and bytes of the grader, and whether a kill loses anything.

    python benchmarks/scale.py [--count 10000] [--few 500] [--dask] [--kills] [--keep FOLDER] [--json FILE]

The class is invented for the light assignment in `crowd/`, as Canvas hands it over: most answers are right, or wrong in known
ways; some files are broken, some are late, some students hand in twice. It is graded by `dlkit grade --submissions`, in a process
of its own, and watched from outside:

    grader     CPU seconds and peak memory (VmHWM) of that one process, without its workers; its threads and open files
    all        CPU seconds of the grader, its zygote and every worker
    slices     the same for each 1,000 results, from the first result on; the last is held against the first

With `--kills`, a worker is killed on the way, and soon after the whole grading; it is started again, and has to go on where it
was. With `--dask`, the submissions are run by a local cluster of two workers, and `--kills` kills one of these as well. In the
end, every student must have a result, each attempt exactly one, and the files that are right must have every point. Then the
commands of a teacher are timed on the gradebook.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from autograder.assignment import load
from autograder.authoring import sample

HERE = Path(__file__).resolve().parent
CROWD = HERE / "crowd"
NAME = "rows"
PROGRAM = [sys.executable, "-m", "dlkit"]
SLICE = 1000
RARE = {"hang": (0.001, 8), "prints": (0.001, 8)}  # of these, each costs seconds that say nothing of dlkit
BROKEN = 400  # of so many files, one is no text
PATIENCE = 60  # seconds for a process that was told to end
IDLE = "10 minutes"  # after which a scheduler ends by itself, whose benchmark was killed
TICK = os.sysconf("SC_CLK_TCK")
QUIET = {**os.environ, "DLKIT_WARM": "0"}


@dataclass
class Moment:
    """How a grading stands: results so far, and what they cost."""

    done: int
    wall: float
    grader: float
    everything: float
    resident: float


@dataclass
class Watched:
    """A grading, watched from outside.

    Attributes:
        moments: how it stood, some times a second.
        peak: MB that the grader used at most.
        threads, files: how many it had at most.
        status: how it ended.
    """

    moments: list[Moment] = field(default_factory=list)
    peak: float = 0.0
    threads: int = 0
    files: int = 0
    status: int | None = None


def main() -> None:
    """Print the figures."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started is ended, as by Ctrl-C
    with tempfile.TemporaryDirectory() as name:
        folder = Path(options.keep or name)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(CROWD, folder / "course", dirs_exist_ok=True)
        few, many = (made(folder, count) for count in (options.few, options.count))
        with cluster(folder) if options.dask else nothing() as scheduler:
            figures = {"few": graded(folder, few, scheduler, kills=False)} if options.few else {}
            figures["many"] = graded(folder, many, scheduler, kills=options.kills)
        print_grading(figures, options.count)
        print_whole(folder, options.count)
        commands = {} if options.dask else print_commands(folder, options.count)
        if options.json:
            Path(options.json).write_text(json.dumps({"gradings": figures, "commands": commands}, indent=1) + "\n")


def made(folder: Path, count: int) -> Path:
    """A class of so many students, as Canvas hands it over; what is there already stays."""
    out = folder / f"class-{count}"
    if not count or (out / sample.TRUTH).is_file():
        return out
    print(f"inventing {count} students ...", file=sys.stderr, flush=True)
    assignment = load(CROWD / "assignments" / NAME)
    kinds = {**sample.KINDS, **RARE}
    invented = sample.invent(assignment, CROWD / "solutions" / NAME, count, kinds=kinds)
    sample.write(invented, assignment, 0, out, "canvas")
    for path in sorted((out / sample.SUBMISSIONS).iterdir())[BROKEN // 2 :: BROKEN]:
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + path.read_bytes())
    return out


def graded(folder: Path, inbox: Path, scheduler: str, *, kills: bool) -> dict[str, Any]:
    """Grade a class, and tell what it cost; with `kills`, one worker and then the whole grading are killed on the way."""
    stem = f"{inbox.name}{'-dask' if scheduler else ''}"
    book, lines = folder / f"{stem}.db", folder / f"{stem}.jsonl"
    for path in folder.glob(f"{stem}.*"):
        path.unlink()
    command = [
        *PROGRAM,
        "grade",
        f"assignments/{NAME}",
        "--submissions",
        str(inbox / sample.SUBMISSIONS),
        "--gradebook",
        str(book),
    ]
    command += ["--roster", str(inbox / sample.ROSTER), "--jsonl", str(lines), *(["--scheduler", scheduler] if scheduler else [])]
    files = sum(1 for _ in (inbox / sample.SUBMISSIONS).iterdir())
    ended: list[Watched] = []
    if kills:
        ended.append(watch(command, folder, lines, files, {files // 20: kill_worker, files // 10: kill_grading}))
        if scheduler:
            ended.append(watch(command, folder, lines, files, {files // 5: kill_dask_worker, files // 4: kill_grading}))
    ended.append(watch(command, folder, lines, files, {}))
    assert ended[-1].status in (0, 1), ended[-1].status  # noqa: S101 - 1: some files are broken
    return told(ended, book, files)


def watch(
    command: Sequence[str], folder: Path, lines: Path, files: int, kills: Mapping[int, Callable[[subprocess.Popen[bytes]], None]]
) -> Watched:
    """Run a grading, and look at it from outside until it ends; at some numbers of results somebody kills something."""
    found, waiting = Watched(), dict(sorted(kills.items()))
    environment = {**QUIET, "DLKIT_CACHE": str(folder / "cache")}
    with (
        (folder / "out.txt").open("ab") as out,
        subprocess.Popen(
            command, cwd=folder / "course", env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        ) as process,
    ):
        started = time.perf_counter()
        with Counted(lines) as counted, ended_with_us(process):
            while process.poll() is None:
                look(process.pid, found, counted.lines(), time.perf_counter() - started)
                if sys.stderr.isatty() and found.moments:
                    print(f"\r{found.moments[-1].done} of {files}", end="", file=sys.stderr, flush=True)
                while waiting and counted.count >= next(iter(waiting)):
                    waiting.pop(next(iter(waiting)))(process)
                time.sleep(0.2)
        found.status = process.returncode
    return found


@contextmanager
def ended_with_us(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process once nobody watches it any more."""
    try:
        yield
    finally:
        process.terminate()  # nothing happens to one that has ended
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in [*below(process.pid), process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


class Counted:
    """Counts the lines of a file that grows."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("rb")
        self.count = 0

    def __enter__(self) -> Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def lines(self) -> int:
        """How many there are by now."""
        while block := self._file.read(1 << 20):
            self.count += block.count(b"\n")
        return self.count


def look(pid: int, found: Watched, done: int, wall: float) -> None:
    """Add how a grading stands now."""
    with suppress(OSError, ValueError, KeyError):  # it has just ended
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        found.peak = max(found.peak, int(status["VmHWM"].split()[0]) / 1024)
        found.threads = max(found.threads, int(status["Threads"]))
        found.files = max(found.files, sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
        own = spent(pid)[0]
        everything = sum(sum(spent(one)) for one in [pid, *below(pid)])
        found.moments.append(Moment(done, wall, own, everything, int(status["VmRSS"].split()[0]) / 1024))


def spent(pid: int) -> tuple[float, float]:
    """CPU seconds of a process, and of its children that have ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK, (int(fields[13]) + int(fields[14])) / TICK
    return 0.0, 0.0


def below(pid: int) -> list[int]:
    """Every process below one, its children first."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop(0)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                children = [int(child) for child in path.read_text().split()]
                found += children
                waiting += children
    return found


def kill_worker(process: subprocess.Popen[bytes]) -> None:
    """Kill the youngest process below the grader, which is a worker."""
    for pid in reversed(below(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return


def kill_grading(process: subprocess.Popen[bytes]) -> None:
    """Kill the grader, as the system does that runs out of memory."""
    process.kill()
    process.wait()


def told(ended: Sequence[Watched], book: Path, files: int) -> dict[str, Any]:
    """What the gradings of one class cost, the last of them in slices."""
    last = ended[-1].moments
    begun = next(number for number, one in enumerate(last) if one.done > last[0].done)
    steady = last[begun:]
    marks = [next((one for one in steady if one.done >= limit), None) for limit in range(steady[0].done, files + 1, SLICE)]
    whole = [one for one in marks if one is not None]
    slices = [
        {
            "results": [one.done, two.done],
            "wall": round(two.wall - one.wall, 1),
            "grader ms": round(1000 * (two.grader - one.grader) / (two.done - one.done), 2),
            "all ms": round(1000 * (two.everything - one.everything) / (two.done - one.done), 1),
            "resident MB": round(two.resident),
        }
        for one, two in pairwise(whole)
    ]
    results = max(1, last[-1].done - last[0].done)
    return {
        "submissions": files,
        "peak MB": round(max(one.peak for one in ended), 1),
        "threads": max(one.threads for one in ended),
        "open files": max(one.files for one in ended),
        "first result after s": round(steady[0].wall, 1),
        "grader ms a submission, start included": round(1000 * last[-1].grader / results, 2),
        "grader ms a submission": round(1000 * (last[-1].grader - steady[0].grader) / results, 2),
        "all ms a submission": round(1000 * (last[-1].everything - steady[0].everything) / results, 1),
        "wall s": round(sum(one.moments[-1].wall for one in ended), 1),
        "gradebook kB a submission": round(
            sum(path.stat().st_size for path in book.parent.glob(f"{book.name}*")) / files / 1e3, 1
        ),
        "slices": slices,
    }


@contextmanager
def nothing() -> Iterator[str]:
    """No cluster."""
    yield ""


CLUSTER: list[subprocess.Popen[bytes]] = []  # the scheduler, and two workers


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two workers on this machine, each a process of its own."""
    environment = {**QUIET, "DLKIT_CACHE": str(folder / "cache")}
    address = "tcp://127.0.0.1:18786"
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "18786", "--no-dashboard", "--idle-timeout", IDLE]]
    commands += [["worker", address, "--nthreads", "1", "--no-dashboard", "--death-timeout", "60"]] * 2
    with (folder / "cluster.txt").open("ab") as out, ExitStack() as stack:
        for command in commands:
            dask = [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:]]
            CLUSTER.append(subprocess.Popen(dask, cwd=folder, env=environment, stdout=out, stderr=out))
            stack.enter_context(ended_with_us(CLUSTER[-1]))
        time.sleep(10)
        yield address


def kill_dask_worker(process: subprocess.Popen[bytes]) -> None:
    """Kill everything of one worker of the cluster; its nanny starts another, as on a real one."""
    for pid in below(CLUSTER[-1].pid)[:1]:
        os.kill(pid, signal.SIGKILL)


def print_grading(figures: Mapping[str, Mapping[str, Any]], count: int) -> None:
    """What each grading cost."""
    for one in figures.values():
        print(f"\n{one['submissions']} submissions")
        for name, value in one.items():
            if name not in ("submissions", "slices"):
                print(f"  {name:42} {value:>10}")
        for part in one["slices"]:
            print("  " + "  ".join(f"{name} {value}" for name, value in part.items()))
    many, slices = figures["many"], figures["many"]["slices"]
    if "few" in figures:
        print(f"\nmemory of {count} students to that of the few: {many['peak MB'] / figures['few']['peak MB']:.2f}")
    if len(slices) > 1:
        for name in ("grader ms", "all ms"):
            print(f"{name}, the last {SLICE} to the first: {slices[-1][name] / slices[0][name]:.2f}")


def print_whole(folder: Path, count: int) -> None:
    """Hold the gradebook against what was put into the class, and refuse if anything is lost."""
    truth = json.loads((folder / f"class-{count}" / sample.TRUTH).read_text())
    [book] = sorted(folder.glob(f"class-{count}*.db"), key=lambda path: path.stat().st_mtime)[-1:]
    with sqlite3.connect(book) as database:
        students = {one for (one,) in database.execute("select distinct student from attempts")}
        twice = database.execute("select count(*) from (select 1 from results group by attempt having count(*) > 1)").fetchone()[
            0
        ]
        none = database.execute(
            "select count(*) from attempts where unreadable = '' and id not in (select attempt from results where not faulty)"
        ).fetchone()[0]
        best = dict(database.execute("select student, max(score) from attempts join results on attempt = attempts.id group by 1"))
        broken = {one for (one,) in database.execute("select student from attempts where unreadable != ''")}
    missing = {one["student"] for one in truth["students"]} - students
    perfect = [one["student"] for one in truth["students"] if one["kind"] == "perfect" and one["student"] not in broken]
    wrong = [one for one in perfect if best.get(one) != 12]
    print(f"\n{len(students)} students, {len(missing)} missing, {none} attempts without a result, {twice} with two")
    print(f"{len(broken)} students with a file that is no text, {len(perfect)} perfect, {len(wrong)} of them without all points")
    assert not (missing or none or twice or wrong)  # noqa: S101


def print_commands(folder: Path, count: int) -> dict[str, tuple[float, float]]:
    """What a teacher's commands cost on the gradebook of the class: seconds, CPU seconds and peak MB of each."""
    book, inbox, out = folder / f"class-{count}.db", folder / f"class-{count}", folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    of_it = ["--gradebook", str(book)]
    commands = {
        "grade again": ["grade", f"assignments/{NAME}", "--submissions", str(inbox / sample.SUBMISSIONS)],
        "marks": ["marks", NAME, "--csv", str(out / "marks.csv")],
        "report": ["report", NAME, "--out", str(out / "report")],
        "misconceptions groups": ["misconceptions", "groups", NAME],
        "similar": ["similar", NAME],
        "show": ["show", "s0007"],
        "history": ["history", "s0007"],
        "feedback": ["feedback", NAME, "--out", str(out / "feedback")],
        "doctor --gradebook": ["doctor"],
        "marks, all of it shown": ["marks", NAME],
    }
    whole = ("csv", "jsonl", "junit", "gradescope")
    commands |= {f"export {name}": ["export", name, NAME, "--out", str(out / name)] for name in whole}
    commands |= {f"export {name}": ["export", name, NAME, "--into", str(path)] for name, path in files_of(folder, inbox).items()}
    found = {}
    print(f"\n{'on the gradebook':24} {'s':>7} {'CPU s':>7} {'MB':>6}")
    for name, command in commands.items():
        found[name] = seconds, cpu, mb, status = timed([*PROGRAM, *command, *of_it], folder)
        print(f"{name:24} {seconds:7.1f} {cpu:7.1f} {mb:6.0f}{'' if status in (0, 1) else f'  status {status}'}", flush=True)
    return found


def files_of(folder: Path, inbox: Path) -> dict[str, Path]:
    """The file into which each platform wants its marks, as it exports it, with the whole class."""
    with (inbox / sample.ROSTER).open(encoding="utf-8", newline="") as roster:
        people = list(csv.DictReader(roster))
    lines = {
        "canvas": ["Student,ID,SIS Login ID,Section,Rows (1)", "    Points Possible,,,,12.00"],
        "moodle": ["Identifier,Full name,Email address,Grade,Maximum grade,Last modified (grade)"],
        "brightspace": [
            "OrgDefinedId,Username,Last Name,First Name,Rows Points Grade <Numeric MaxPoints:12>,End-of-Line Indicator"
        ],
    }
    for number, one in enumerate(people, 1):
        name = json.dumps(one["name"], ensure_ascii=False)
        lines["canvas"].append(f"{name},{one['canvas_id']},{one['student']},A,")
        lines["moodle"].append(f"Participant {number},{name},{one['email']},,12.00,-")
        lines["brightspace"].append(f"#{one['student']},#{one['student']},{name},,,#")
    for name, text in lines.items():
        (folder / f"{name}.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    return {name: folder / f"{name}.csv" for name in lines}


def timed(command: Sequence[str], folder: Path) -> tuple[float, float, float, int]:
    """Seconds, CPU seconds, peak MB and exit status of a command."""
    environment = {**QUIET, "DLKIT_CACHE": str(folder / "cache")}
    started = time.perf_counter()
    with (folder / "commands.txt").open("ab") as out:
        process = subprocess.Popen(
            command, cwd=folder / "course", env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    return round(seconds, 2), round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / 1024, 1), process.returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="students of the large class")
    parser.add_argument("--few", type=int, default=500, help="students of the class it is held against; 0 for none")
    parser.add_argument("--dask", action="store_true", help="run the submissions on a local cluster of two workers")
    parser.add_argument("--kills", action="store_true", help="kill a worker, and then the grading, on the way")
    parser.add_argument("--keep", help="a folder to work in, which stays")
    parser.add_argument("--json", help="a file for the figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""What is not the student's fault: a time-out beside others, a full disk, a kill. Asked again, never kept, never a zero."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from support import SMALL, notes_of

from autograder.assignment import load, solutions_folder
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.run import Classroom
from autograder.grading import bench as module
from autograder.grading.bench import HANDLER, Bench, UnreadyError
from autograder.grading.digests import digest_of_files
from autograder.grading.grade import draw, grade
from autograder.grading.references import References
from autograder.grading.remembering import OPENED, RememberingBench, keys_of
from autograder.observation.answer import Answer, Ending
from autograder.outcome import Outcome
from autograder.sandbox import machine
from autograder.sandbox.budget import TOTAL_MOST, Budget
from autograder.sandbox.frames import NotInstalledError
from autograder.sandbox.process import EndedError, MachineError, TimedOutError
from autograder.sandbox.worker import INSIDE
from autograder.sandbox.workers import source
from autograder.submission import Submission

NO_SPACE = f"OSError: [Errno 28] {os.strerror(28)}"
OURS = {
    "too few cores": (MachineError("this machine is too busy"), Ending.UNREADY),
    "a full disk": (MachineError("the disk of this machine is full"), Ending.UNREADY),
    "a lost worker": (MachineError("was lost"), Ending.UNREADY),
    "a time-out under load": (TimedOutError("did not answer", True), Ending.TIMED_OUT),
    "a kill": (EndedError("was ended by SIGKILL", -9), Ending.OUT_OF_MEMORY),
    "another signal": (EndedError("was ended by SIGBUS", -7), Ending.ENDED),
}


class Scripted:
    """A worker's answers as a test wants them, in place of those of the worker that there is."""

    def __init__(self, monkeypatch, total, *ends):
        check, _, case = total
        self.request = module.request_for(check, case)
        self.ends = list(ends)
        self.asked = 0
        monkeypatch.setattr(module.Worker, "ask", self._ask())

    def _ask(self):
        ask = module.Worker.ask

        def scripted(worker, request, timeout, wall=None):
            if request != self.request:
                return ask(worker, request, timeout, wall)
            self.asked += 1
            end = self.ends.pop(0) if self.ends else None
            if isinstance(end, Exception):
                worker.loaded = bool(getattr(end, "loaded", False))
                worker.close()
                raise end
            return end.to_bytes() if end is not None else ask(worker, request, timeout, wall)

        return scripted


@pytest.fixture
def total(small):
    """One check of the small assignment, the name of its first case, and the case."""
    check = small.assignment.check("total")
    name, case = next(iter(draw(small.assignment, check, 2).items()))
    return check, name, case


@pytest.fixture
def bench(small):
    """A bench with the reference on it."""
    with Bench(small.assignment, small.workers) as found:
        found.load(small.references.files, small.assignment.checks)
        yield found


@pytest.mark.parametrize("end", [end for end, _ in OURS.values()], ids=OURS)
def test_what_may_be_the_machines_doing_is_asked_again(bench, total, monkeypatch, end):
    """Once is no answer: the second time, alone, it is there."""
    script = Scripted(monkeypatch, total, end)
    assert bench.ask(*total).ending is Ending.RETURNED
    assert script.asked == 2


@pytest.mark.parametrize("end, ending", OURS.values(), ids=OURS)
def test_what_happens_twice_is_an_answer_unless_it_is_the_machines(bench, total, monkeypatch, end, ending):
    """A time-out that happens alone, too, is the submission's; a full disk stays ours: not known, and not a zero."""
    Scripted(monkeypatch, total, end, end)
    assert bench.ask(*total).ending is ending


def test_a_submission_that_ran_out_of_time_twice_is_known_to(bench, total, monkeypatch):
    """Its other time-outs under load count at once: a loop costs the class one more limit, not one for each case."""
    script = Scripted(monkeypatch, total, *(TimedOutError("did not answer", True) for _ in range(3)))
    assert [bench.ask(*total).ending for _ in range(2)] == [Ending.TIMED_OUT, Ending.TIMED_OUT]
    assert script.asked == 3


@pytest.mark.parametrize("seconds, less", [(40.0, 4.0), (10.0, 1.0), (3.0, 1.0), (0.5, 0.5)])
def test_after_a_time_out_the_other_cases_of_a_check_get_less_time(small, monkeypatch, seconds, less):
    """An endless loop costs its limit once, and a tenth of it for each further case; but a second, which a fresh worker may need."""
    given = []

    def ask(self, check, name, case, *, limit, again):
        given.append((limit, again))
        return Answer(Ending.TIMED_OUT, error="no answer")

    monkeypatch.setattr(Bench, "ask", ask)
    assignment = small.assignment.within(seconds)
    check = assignment.check("total")
    cases = draw(assignment, check, 2)
    dict(Bench(assignment, small.workers).each(check, cases))
    assert given == [(seconds, True), *[(less, False)] * (len(cases) - 1)] and len(cases) > 1


def test_a_time_out_on_a_quiet_machine_is_not_asked_again(bench, total, monkeypatch):
    """Nobody was in its way: it is the submission's own, and a student waits for it once."""
    script = Scripted(monkeypatch, total, TimedOutError("did not answer", False))
    assert bench.ask(*total).ending is Ending.TIMED_OUT
    assert script.asked == 1


def test_a_claimed_lack_of_room_is_looked_up(bench, total, monkeypatch):
    """A submission that says "no space left" where there is room has raised an error of its own."""
    claim = Answer(Ending.RAISED, error=NO_SPACE)
    script = Scripted(monkeypatch, total, claim, claim)
    assert bench.ask(*total).ending is Ending.RAISED
    assert script.asked == 2


def test_a_real_lack_of_room_is_ours(bench, total, monkeypatch):
    """With less room than the budget promises, nobody knows what the answer would have been."""
    claim = Answer(Ending.RAISED, error=NO_SPACE)
    Scripted(monkeypatch, total, claim, claim)
    monkeypatch.setattr(machine, "room_in", lambda folder: 1000)
    answer = bench.ask(*total)
    assert answer.ending is Ending.UNREADY
    assert "the disk of this machine is full" in answer.error


def test_a_kill_for_want_of_memory_is_ours_where_the_system_says_so(bench, total, monkeypatch):
    """The kernel counts whom it killed: then the machine had not the memory that the budget promises."""
    kills = iter(range(100))
    monkeypatch.setattr(module, "out_of_memory", lambda: next(kills))
    killed = EndedError("was ended by SIGKILL", -9)
    Scripted(monkeypatch, total, killed, killed)
    answer = bench.ask(*total)
    assert (answer.ending, "out of memory" in answer.error) == (Ending.UNREADY, True)


PASSING = {
    "a time-out": Answer(Ending.TIMED_OUT, error="no answer within 2 s"),
    "out of memory": Answer(Ending.OUT_OF_MEMORY, error="used more than 2 GB"),
    "over a limit": Answer(Ending.OVER_LIMIT, error="wrote more than 256 MB"),
    "a kill": Answer(Ending.ENDED, error="it was ended by SIGKILL"),
    "no room": Answer(Ending.RAISED, error=NO_SPACE),
    "no room, in other words": Answer(Ending.RAISED, error=f"InternalError: {os.strerror(122)}"),
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_what_may_not_happen_again_is_not_kept(small, total, monkeypatch, answer):
    """It is told this time, and asked anew the next; also where an earlier version has kept it."""
    check, name, case = total
    keys = keys_of(small.assignment, {check.name: {name: case}})
    monkeypatch.setattr(Bench, "ask", lambda *asked, **options: answer)
    old = {keys[check.name, name]: answer.to_bytes()}
    with RememberingBench(small.assignment, small.workers, keys, old) as remembering:
        remembering.load(small.references.files, [check])
        assert remembering.ask(check, name, case).ending is answer.ending
        assert keys[check.name, name] not in remembering.new
        assert set(remembering.new) == {keys[OPENED]}


def room_of(folder: Path, cache: Path, workers, timeout=None):
    """A classroom for a folder, perhaps with another time limit."""
    assignment = load(folder)
    assignment = assignment.within(timeout) if timeout else assignment
    return Classroom(assignment, References(assignment, solutions_folder(folder, "arith"), cache, workers), workers, 7)


def handed(text, student="ada"):
    """A submission of one file."""
    files = {"arith.py": text}
    return HandIn(student, files=files, digest=digest_of_files(files))


SLOW = "def total(x: np.ndarray) -> float:", "def total(x):\n    import time; time.sleep(0.6)"


def test_another_limit_asks_again(small, copy_of_small, cache, light, tmp_path):
    """`--timeout 0.2` once; then a longer one, or a spec that was changed: what ran out of time is asked, and has its points."""
    one = handed(small.source.replace(*SLOW))
    scores = []
    with Gradebook(tmp_path / "g.db") as book:
        for timeout, again in ((0.2, False), (60, True)):
            room = room_of(copy_of_small, cache, light, timeout)
            with room.references:
                room.run([one], book, jobs=1, again=again)
            (row,) = book.rows("arith")
            scores.append((row.grade.score, [check.message for check in row.grade.checks if check.message]))
    (before, _), after = scores
    assert before == 6
    assert after == (20, [])


def test_a_time_out_stands_until_somebody_asks_again(small, cache, light, tmp_path):
    """A second run leaves it; with --regrade, under the same limits, it is asked once more, and a better answer counts."""
    slow = handed(small.source.replace("return float(np.sum(x))", "import time; time.sleep(60)"))
    folder = SMALL / "assignments" / "arith"
    with Gradebook(tmp_path / "g.db") as book:
        room = room_of(folder, cache, light, 0.3)
        with room.references:
            assert room.run([slow], book, jobs=1).graded == 1
            assert room.run([slow], book, jobs=1).standing == 1
            assert room.run([slow], book, jobs=1, again=True).graded == 1
            assert not [key for key in book.kept(slow.digest) if key == room.keys["total", "vector"]]


def test_a_fault_is_graded_again_when_nobody_else_is(small, cache, light, tmp_path, monkeypatch):
    """What was ours is tried again at the end of the run: nobody has to know that it must be started anew."""
    faults = iter([True])

    def once(bench, check, name, case, **options):
        if isinstance(bench, RememberingBench) and check.name == "scale" and next(faults, False):
            return Answer(Ending.UNREADY, error="the disk of this machine is full")
        return ask(bench, check, name, case, **options)

    ask = Bench.ask
    monkeypatch.setattr(Bench, "ask", once)
    told = []
    with Gradebook(tmp_path / "g.db") as book:
        room = room_of(SMALL / "assignments" / "arith", cache, light)
        with room.references:
            tally = room.run(
                [handed(small.source), handed(small.source + "\n", "bob")],
                book,
                jobs=1,
                on_result=lambda who, result, tally: told.append(who.student),
            )
        assert (tally.graded, tally.faulty, sorted(told)) == (2, 0, ["ada", "bob"])
        assert {row.grade.score for row in book.rows("arith")} == {20}


# The time for a whole submission ----------------------------------------------------------------------------------


def test_a_whole_submission_has_a_limit(small):
    """Every case just in time: what is answered before counts, and what is not is told by name."""
    late = "time.sleep(0.5)\n    return "
    text = small.source.replace("return float(np.sum(x))", f"{late}float(np.sum(x))").replace(
        "import numpy", "import time\nimport numpy"
    )
    assignment = replace(small.assignment, budget=replace(small.assignment.budget, total=1.2))
    result = grade(assignment, Submission("", {small.file: text}), small.references, small.workers)
    checks = {check.name: check for check in result.checks}
    assert [case.outcome for case in checks["total"].cases][:2] == [Outcome.PASSED, Outcome.PASSED]
    assert (checks["scale"].outcome, checks["scale"].score) == (Outcome.TIMED_OUT, 0)
    assert "the time for the whole submission, 1.2 s, is used up" in checks["scale"].message
    (notice,) = [notice for notice in notes_of(result) if "whole submission" in notice]
    assert "scale" in notice and "light" in notice
    assert not result.faults


def test_imports_are_part_of_the_time_for_the_whole(small):
    """A file that takes long to be imported, again and again, uses up the time, and nobody calls the machine slow."""
    text = f"import time; time.sleep(0.7)\n{small.source}".replace("from __future__ import annotations", "")
    text = text.replace("return float(np.sum(x))", "import os; os._exit(3)")
    assignment = replace(small.assignment, budget=replace(small.assignment.budget, total=1.6))
    result = grade(assignment, Submission("", {small.file: text}), small.references, small.workers)
    assert not result.faults
    assert result.checks[-1].outcome is Outcome.TIMED_OUT


def test_the_limit_follows_from_the_spec(small):
    """Twice the limit of a case for each check, from 20 s to two minutes, and never less than two of the longest cases."""
    assert small.assignment.total == 20.0
    assert small.assignment.within(5.0).total == 2 * 4 * 5.0
    assert small.assignment.within(1000.0).total == 2000.0
    many = replace(small.assignment, checks=[replace(check, timeout=50.0) for check in small.assignment.checks])
    assert many.total == TOTAL_MOST
    assert replace(small.assignment, budget=Budget(total=7.5)).total == 7.5
    with pytest.raises(ValueError, match=r"Budget\(total=...\) must be a positive number of seconds. Received: -1"):
        Budget(total=-1)


# Libraries --------------------------------------------------------------------------------------------------------


def test_libraries_that_a_submission_imports_are_not_its_time(small):
    """`import sklearn` in a NumPy assignment, at the top or in a function, with far less time than that takes to load."""
    assignment = small.assignment.within(0.25)
    text = small.source.replace("import numpy", "import sklearn.linear_model\nimport numpy", 1)
    text = text.replace("return float(np.sum(x))", "import scipy.stats\n    return float(np.sum(x))")
    with source(HANDLER) as fresh:
        result = grade(assignment, Submission("", {small.file: text}), small.references, fresh)
    assert result.score == 20


@pytest.mark.skipif("torch" in sys.modules or shutil.which("torchrun") is not None, reason="PyTorch is installed")
@pytest.mark.parametrize("kind", ["fork", "spawn"])
def test_a_library_that_is_missing_comes_with_the_command_that_installs_it(small, kind):
    """An assignment that needs PyTorch, where there is none: no grade, and nobody's fault."""
    assignment = replace(small.assignment, imports=("torch",))
    with source(HANDLER, kind) as fresh, pytest.raises(NotInstalledError, match="pip install torch"):
        grade(assignment, Submission("", small.references.files), small.references, fresh)


# A disk that is really full ---------------------------------------------------------------------------------------

HOG = """
    import os, time
    with open("hog", "wb") as file:
        while True:
            file.write(b"x" * 2**20)
            file.flush()
"""
WRITES = "import time\n    for i in range(5):\n        open(f'own{i}', 'wb').write(b'x' * 2**18)\n        time.sleep(0.05)\n    return "


@pytest.fixture
def little_room(tmp_path, monkeypatch):
    """A temporary folder on a disk of 48 MB."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = tmp_path / "little"
    place.mkdir()
    if not sys.platform.startswith("linux") or libc.mount(b"tmpfs", bytes(place), b"tmpfs", 0, b"size=48m") != 0:
        pytest.skip("only root can mount a small disk")
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    libc.umount2(bytes(place), 2)


def test_one_that_fills_the_disk_costs_nobody_else(small, cache, little_room, tmp_path):
    """Seven who write a little keep all their points; the one who fills the disk within its budget is not judged, and told so."""
    honest = small.source.replace("return float(np.sum(x))", f"{WRITES}float(np.sum(x))")
    hog = small.source.replace("    return float(np.sum(x))", HOG)
    attempts = [handed(f"{honest}# {number}\n", f"s{number}") for number in range(7)] + [handed(hog, "hog")]
    with source(HANDLER) as workers, Gradebook(tmp_path / "g.db") as book:
        room = room_of(SMALL / "assignments" / "arith", cache, workers)
        with room.references:
            tally = room.run(attempts, book, jobs=4)
        grades = {row.student: row.grade for row in book.rows("arith")}
    assert {name: result.score for name, result in grades.items() if name != "hog"} == {f"s{number}": 20 for number in range(7)}
    assert tally.faulty == 1
    faults = {check.message for check in grades["hog"].faults}
    assert faults and all("the disk of this machine is full" in message for message in faults)


def test_a_worker_that_is_killed_by_somebody_is_asked_again(small, light):
    """An operator's kill in the middle of a case costs nothing."""
    with Bench(small.assignment, light) as found:
        found.load(small.references.files, small.assignment.checks)
        check = small.assignment.check("total")
        os.kill(found._worker._process.pid, signal.SIGKILL)
        for name, case in draw(small.assignment, check, 2).items():
            assert found.ask(check, name, case).ending is Ending.RETURNED


OURS_IN_A_WORKER = {
    "an exception": ("1 / 0", "the assignment cannot be loaded in a worker: SpecError: "),
    "an exit": ("os._exit(3)", "while arith.py was read, the worker ended its process by itself, with exit status 3"),
    "a lost channel": (
        "os.closerange(1, 99)",
        "while arith.py was read, the worker ended its process by itself, with exit status 1",
    ),
}


@pytest.mark.parametrize("ends", OURS_IN_A_WORKER)
def test_a_fault_of_ours_before_a_submission_runs_costs_no_points(ends, copy_of_small, light):
    """What fails in a worker before a line of the submission has run is the grader's fault, and is named as that."""
    does, said = OURS_IN_A_WORKER[ends]
    spec = copy_of_small / "checks.py"
    first, rest = spec.read_text(encoding="utf-8").split("\n", 1)
    broken = f"import os\n\nif os.environ.get({INSIDE!r}):\n    {does}\n"
    spec.write_text(f"{first}\n{broken}{rest}", encoding="utf-8")
    assignment = load(copy_of_small)
    with Bench(assignment, light) as bench, pytest.raises(UnreadyError) as caught:
        bench.load({assignment.files[0]: "def total(values):\n    return sum(values)\n"})
    assert str(caught.value).startswith(said)

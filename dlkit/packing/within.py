"""One submission graded within a time, whatever becomes of it: there is always a grade, and what is ours costs no points."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from autograder.assignment import Assignment, course_of
from autograder.checks.base import Case, Check
from autograder.grading.bench import ALONE, HANDLER, LATE, LATE_LEAST, Bench, Opened, UnprotectedError, UnreadyError
from autograder.grading.digests import versions
from autograder.grading.grade import draw, grade
from autograder.grading.judging import fault
from autograder.grading.recorded import references_of
from autograder.observation import Observation
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CheckResult, Grade
from autograder.sandbox.budget import MB
from autograder.sandbox.clock import WALL_FACTOR
from autograder.sandbox.workers import Source, source
from autograder.submission import Submission, SubmissionError, take_in, unpack
from autograder.submission.containers import in_folder
from autograder.submission.entries import safe
from autograder.text import printable
from dlkit.packing.needed import memory

ASKING = 0.85  # of the time; the rest is for what explains wrong answers
RESTART_SECONDS = 0.5  # for a worker in place of one that ran out of time
LEAST = 128 * MB
UNPROTECTED = (
    "{error}. The submission was not run. Grade it on a machine where `dlkit doctor` finds no fault. Or pack again with "
    "--unsafe-no-isolation; then a submission can read the solutions, and every result says so"
)
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # version 2, version 1


@dataclass(frozen=True)
class Terms:
    """How a submission is graded on a machine of others.

    Attributes:
        seed: seeds the inputs.
        seconds: for the whole submission.
        protected: refuse to run it where nothing protects the grader's files from it.
        kept: the folder for kept observations of the reference.
    """

    seed: int
    seconds: float
    protected: bool
    kept: Path


def handed_in(folder: Path, assignment: Assignment, student: str = "") -> Submission:
    """The work in the folder of one student, who may have handed in a whole repository, or packed it in a way of their own.

    Raises:
        SubmissionError: nothing of it can be graded; written for the student.
    """
    files, course = assignment.files, course_of(assignment)
    with suppress(SubmissionError):
        return replace(take_in(folder, files, own=True), student=printable(student))  # what else is there is not looked at
    try:
        if not safe(in_folder(folder, deep=True), files, folder).files:
            expected = " and ".join(files)
            raise SubmissionError(f"nothing was handed in; expected {expected}. Received: no file. Hand it in again.")
        return unpack(in_folder(folder, deep=True), files, folder, student=printable(student), course=course)
    except SubmissionError as error:
        raise SubmissionError(str(error).replace(f"{folder}/", "").replace(str(folder), "your submission")) from None


def grade_within(assignment: Assignment, solutions: Path, submission: Submission, terms: Terms) -> Grade:
    """Grade a submission; there is a grade at the end of the time, in which our faults are no zeros."""
    started = time.monotonic()
    found: dict[str, CheckResult] = {}
    ended: list[Grade | Exception] = []
    room = memory_here() - memory(assignment)
    budget = replace(assignment.budget, memory=max(LEAST, min(assignment.budget.memory, room)))
    assignment = replace(assignment, budget=budget)  # going over it is said in a sentence, and does not end the container

    with source(HANDLER, few=True) as workers:  # in this thread: a zygote ends with the thread that started it

        def work() -> None:
            try:
                ended.append(_grade(assignment, solutions, submission, terms, started, workers, found))
            except Exception as error:
                ended.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(terms.seconds)
    match ended[:1]:
        case [Grade() as result]:
            return result
        case [UnprotectedError() as error]:
            why = UNPROTECTED.format(error=error)
        case [Exception() as error]:
            why = f"the grader failed: {type(error).__name__}: {error}"
        case _:
            why = f"the grader did not finish within {terms.seconds:g} s: choose a larger container"
    checks = tuple(found.get(check.name) or fault(check, why) for check in assignment.checks)
    spent = round(time.monotonic() - started, 3)
    return Grade(assignment.name, assignment.title, submission.student, terms.seed, checks, versions=versions(), seconds=spent)


def longest(assignment: Assignment, seed: int) -> float:
    """The seconds that grading takes where every case runs out of time.

    Raises:
        SpecError: the spec cannot draw its inputs.
    """
    seconds = 0.0
    for check in assignment.checks:
        limit = check.timeout or assignment.timeout
        further = len(draw(assignment, check, seed)) - 1
        seconds += limit + further * max(LATE_LEAST, LATE * limit) + (further + 1) * RESTART_SECONDS
    return seconds


def memory_here() -> int:
    """Bytes of memory that this machine, or the container around us, has."""
    found = []
    for path in LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(Path(path).read_text(encoding="ascii")))  # "max" is no number: no limit
    with suppress(OSError, ValueError, IndexError):
        found.append(int(Path("/proc/meminfo").read_text(encoding="ascii").split()[1]) * 1024)
    return min(found, default=2**62)


def _grade(
    assignment: Assignment,
    solutions: Path,
    submission: Submission,
    terms: Terms,
    started: float,
    workers: Source,
    found: dict[str, CheckResult],
) -> Grade:
    workers.warm(assignment.imports)
    with (
        references_of(assignment, solutions, terms.kept, workers) as references,
        _HurriedBench(assignment, workers, terms, started) as bench,
    ):
        return grade(
            assignment,
            submission,
            references,
            workers,
            seed=terms.seed,
            bench=bench,
            on_result=lambda result: found.update({result.name: result}),
        )


class _HurriedBench(Bench):
    """A bench that stops asking when the time for the whole submission is over.

    Whose time it was decides what that costs: a submission must not be able to have what it cannot do left unjudged by
    being slow at the rest, its imports included, and a slow machine is nobody's zero.
    """

    def __init__(self, assignment: Assignment, workers: Source, terms: Terms, started: float) -> None:
        self.all = ASKING * terms.seconds
        self.ends = started + self.all
        super().__init__(assignment, workers, protected=terms.protected, total=min(assignment.total, self.all))

    def load(self, files: Mapping[str, str], checks: Iterable[Check] = ()) -> Opened:
        try:
            return super().load(files, checks)
        except UnreadyError:
            answer = self._over() if self._late else Answer(Ending.UNREADY)
            if answer.ending is Ending.UNREADY:
                raise
            return Opened(answer.ending, answer.error)

    def ask(
        self,
        check: Check,
        name: str,
        case: Case,
        *,
        limit: float | None = None,
        again: bool = True,
        more: Observation = ALONE,
    ) -> Answer:
        if self._late:
            return self._over()
        answer = super().ask(check, name, case, limit=limit, again=again, more=more)
        return self._over() if answer.ending in (Ending.TIMED_OUT, Ending.UNREADY) and self._late else answer

    @property
    def _late(self) -> bool:
        return time.monotonic() >= self.ends

    def _wall(self, seconds: float) -> float:
        return max(0.0, min(WALL_FACTOR * seconds, self.ends - time.monotonic()))

    def _may_ask_again(self) -> bool:
        return super()._may_ask_again() and not self._late

    def _over(self) -> Answer:
        whole = f"the {self.all:g} s for the whole submission ran out"
        if self.spent > self.all / 2:
            return Answer(Ending.TIMED_OUT, error=f"{whole} before it answered")
        return Answer(Ending.UNREADY, error=f"{whole}, but it had used only {self.spent:.0f} of them: this machine is too slow")


def leave(status: int) -> NoReturn:
    """End the program at once: a spec that loops for ever in its thread must not hold back what has been written."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

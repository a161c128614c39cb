"""Grading: one submission in, one grade out.

The submission is observed in one worker, the reference (where its observations are not kept) in another at the same
time; each check is judged as soon as both have answered, and what is wrong is diagnosed while the next check runs.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from autograder.assignment import Assignment, SpecError, without_tensors
from autograder.checks.base import Case, Check
from autograder.grading import judging
from autograder.grading.bench import SHORTENED, Bench, Opened, UnreadyError
from autograder.grading.calls import Calls, stand_ins
from autograder.grading.digests import versions
from autograder.grading.endings import used_up
from autograder.grading.judging import fault, judge, judge_case, needs, skipped, stood_in, to_mark, unreadable, unused_in
from autograder.grading.references import References
from autograder.grading.untouched import untouched
from autograder.observation import Table
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CheckResult, Grade, Notice, NoticeKind, Outcome
from autograder.sandbox.frames import NotInstalledError
from autograder.sandbox.installed import CALLED, TENSORFLOW, is_installed, missing
from autograder.sandbox.workers import Source
from autograder.submission import Submission

if TYPE_CHECKING:
    from autograder.grading.diagnosis.variant import Reason

PUBLIC_SEED = 2  # everybody's default, so that a student and an instructor see the same numbers
Cases = Mapping[str, Mapping[str, Case]]
LACKING = re.compile(r"No module named '(?:tensorflow|keras)\b")
UNKNOWN = "NameError"  # what follows of a line such as `import tensorflow as tf` that did not run
EXPLAINABLE = (Outcome.FAILED, Outcome.PARTIAL, Outcome.CRASHED, Outcome.RULE_BROKEN)


def grade(
    assignment: Assignment,
    submission: Submission,
    references: References,
    source: Source,
    *,
    seed: int = PUBLIC_SEED,
    only: Sequence[str] = (),
    protected: bool = False,
    cases: Cases | None = None,
    bench: Bench | None = None,
    begun: Bench | None = None,
    on_start: Callable[[Check], None] = lambda check: None,
    on_result: Callable[[CheckResult], None] = lambda result: None,
) -> Grade:
    """Grade a submission.

    Args:
        assignment: the loaded spec.
        submission: the files that were taken in.
        references: where the expected answers come from; stays open.
        source: where the submission's worker comes from; stays open.
        seed: seeds the inputs; each check has a generator of its own, so a part is graded on the same inputs as all.
        only: names of checks or functions; all checks by default.
        protected: refuse where nothing protects this user's files from the submission: for strangers' work.
        cases: what `questions` drew for this seed, where many submissions are asked the same.
        bench: one to use and leave open, in place of a fresh one.
        begun: one in which the submission is being laid out already, for these checks; it is closed at the end.
        on_start: told of each check before it is observed.
        on_result: told of each verdict, before it is known why.

    Raises:
        SpecError: the spec cannot draw its inputs, or there is no reference.
        SeedError: the references are recorded, and for another seed.
        UnprotectedError: it should have been protected, and nothing of the submission has run.
        NotInstalledError: a library that the assignment needs is not installed. What a check alone needs is told there.
    """
    started = time.monotonic()
    references.require(seed)
    _ = references.files  # which says if there are none, whatever becomes of the submission
    asked = assignment.select(only)
    checks = assignment.needed_by(asked)
    with ExitStack() as stack:
        bench = bench or stack.enter_context(begun or Bench(assignment, source, protected=protected, total=assignment.total))
        cases = cases or questions(assignment, checks, seed)
        expected: dict[str, Future[dict[str, Answer]]] = {}
        opened = None if begun else bench.unreadable(submission.files)
        if opened is None:
            put = answerable(checks)
            source.warm([*assignment.imports, *(name for check in put for name in check.imports)])
            expected = {check.name: references.later(references.expected, check, cases[check.name]) for check in put}
            try:
                opened = bench.load(submission.files, put)
            except UnreadyError as error:
                opened = Opened(Ending.UNREADY, str(error))
        same = untouched(submission.files.get(assignment.files[0], ""), references.given)
        sitting = _Sitting(bench, opened, cases, expected, same)
        results: dict[str, CheckResult] = {}
        reasons: dict[str, Future[list[Reason]]] = {}
        for check in checks:
            if check in asked:
                on_start(check)
            result = sitting.result(check, results)
            results[check.name] = result
            if result.outcome in EXPLAINABLE and check in asked and check.name in sitting.answers:
                said = {case.name: case.message for case in result.cases if case.outcome is not Outcome.PASSED}
                reasons[check.name] = references.later(
                    _reasons, check, cases[check.name], sitting.answers[check.name], said, references
                )
            if check in asked:
                on_result(result)
        for check in asked:  # now that the points of all are known: nobody can use for them what a stand-in gives away
            if results[check.name].outcome is Outcome.SKIPPED:
                calls = references.later(references.calls, check, cases[check.name])
                found = sitting.with_stand_ins(check, results, calls)
                if found is not None:
                    results[check.name], answers, said = found
                    if said:
                        reasons[check.name] = references.later(_reasons, check, cases[check.name], answers, said, references)
        for name, reason in reasons.items():
            why = reason.result()
            if why:
                from autograder.grading.diagnosis.reasons import told

                results[name] = replace(results[name], misconception=why[0].id, explanation=told(why, _shown(results[name])))
    return Grade(
        assignment=assignment.name,
        title=assignment.title,
        student=submission.student,
        seed=seed,
        checks=tuple(results[check.name] for check in asked),
        isolation=opened.layers,
        versions=versions(),
        seconds=round(time.monotonic() - started, 3),
        notices=tuple(
            Notice(kind, text)
            for kind, texts in (
                (NoticeKind.TAKEN_IN, submission.notices),
                (NoticeKind.STOPPED, sitting.stops),
                (NoticeKind.RAN, opened.notes),
                (NoticeKind.RULE, sitting.notes),
                (NoticeKind.TIME, sitting.unanswered(bench.total)),
            )
            for text in texts
        ),
        memory=bench.peak,
    )


def as_far_as_possible(assignment: Assignment) -> Assignment:
    """The assignment as it can be graded here: where TensorFlow is not installed, only what needs it is not judged."""
    return replace(assignment, imports=tuple(name for name in assignment.imports if missing([name]) not in CALLED))


def answerable(checks: Sequence[Check]) -> list[Check]:
    """Those of the checks that workers can be asked about: their libraries are installed."""
    return [check for check in checks if not check.by_hand and not missing(check.imports)]


def require_libraries(assignment: Assignment) -> None:
    """Refuse where a check could not be judged: for whom a part of an assignment would be worse than nothing.

    Raises:
        NotInstalledError: a library that it needs is not installed.
    """
    if package := missing([*assignment.imports, *(name for check in assignment.checks for name in check.imports)]):
        raise NotInstalledError(package)


def questions(assignment: Assignment, checks: Sequence[Check], seed: int) -> Cases:
    """The cases of several checks, by the check's name; raises as `draw` does."""
    return {check.name: draw(assignment, check, seed) for check in checks}


def draw(assignment: Assignment, check: Check, seed: int) -> dict[str, Case]:
    """The cases of a check for a seed.

    Raises:
        SpecError: the spec's own code raises, or there is no case.
    """
    if check.by_hand:
        return {}
    rng = np.random.default_rng([seed, zlib.crc32(check.name.encode())])
    try:
        with without_tensors(f"{assignment.name}/checks.py"):
            cases = check.inputs(rng)
    except SpecError:
        raise
    except Exception as error:
        raise SpecError(
            f"{assignment.name}/checks.py cannot draw inputs for {check.name!r}: {type(error).__name__}: {error}"
        ) from error
    if not cases:
        raise SpecError(f"{assignment.name}/checks.py: {check.name!r} has no cases")
    tables = any(isinstance(value, Table) for case in cases.values() for value in case.inputs.values())
    if tables and "pandas" not in (*assignment.imports, *check.imports):
        raise SpecError(f"{assignment.name}/checks.py: {check.name!r} has a Table as an input, so `imports` must name pandas")
    for name in (name for rule in check.rules for name in rule.reads):
        if not any(name in case.inputs for case in cases.values()):
            raise SpecError(
                f"{assignment.name}/checks.py: a rule of {check.name!r} is about the input {name!r}, which no case has"
            )
    return {name: replace(case, contract=assignment.contract) for name, case in cases.items()}


class _Sitting:
    """The checks of one submission, one after the other."""

    def __init__(
        self,
        bench: Bench,
        opened: Opened,
        cases: Mapping[str, Mapping[str, Case]],
        expected: Mapping[str, Future[dict[str, Answer]]],
        untouched: Collection[str],
    ) -> None:
        self.bench = bench
        self.opened = opened
        self.cases = cases
        self.expected = expected
        self.untouched = untouched
        self.answers: dict[str, dict[str, Answer]] = {}
        self.notes: list[str] = []
        self.stops = opened.stops
        # Whether something of the submission did not run because TensorFlow is not installed here.
        self.lacks = any(map(LACKING.search, opened.stops)) and not is_installed(TENSORFLOW)
        if self.lacks:  # which the checks tell: nobody can mend these lines
            self.stops = tuple(stop for stop in opened.stops if not LACKING.search(stop) and UNKNOWN not in stop)

    def result(self, check: Check, before: Mapping[str, CheckResult]) -> CheckResult:
        """Observe and judge one check."""
        if check.by_hand:
            return to_mark(check)
        cases = self.cases[check.name]
        if self.opened.ending is not Ending.RETURNED:
            return unreadable(check, cases, self.opened.ending, self.opened.error)
        if check.function in self.untouched:
            return judging.untouched(check, cases)
        if package := missing(check.imports):
            return fault(check, needs(package))
        try:
            expected = self.expected[check.name].result()
        except SpecError:
            raise
        except Exception as error:  # never a traceback, never a zero, for something of ours
            return fault(check, f"the reference could not be observed: {type(error).__name__}: {error}")
        broken = self.opened.broken.get(check.name, ())
        needed = next((name for name in check.depends if not _works(name, before)), None)
        if needed is not None:
            return self._without(needed, check, cases, expected, broken)
        answers = self._observe(check, cases)
        if self._for_want_of_tensorflow(answers):
            return fault(check, needs(TENSORFLOW))
        self.answers[check.name] = answers
        self.notes += unused_in(check, cases, answers, broken)
        return judge(check, cases, answers, expected, broken, self.bench.assignment.form_costs)

    def _without(
        self, needed: str, check: Check, cases: Mapping[str, Case], expected: Mapping[str, Answer], broken: Sequence[str]
    ) -> CheckResult:
        """A check one of whose dependencies does not work: skipped at its first wrong answer, which may be a consequence.

        A function that is right all the same keeps its points, and one that is a stub is not started.
        """
        limit = SHORTENED * self.bench.timeout_of(check)
        answers: dict[str, Answer] = {}
        for name, case in cases.items():
            answers[name] = answer = self.bench.ask(check, name, case, limit=limit)
            if answer.ending is Ending.NOT_STARTED and answer.inside in _own(check.function):
                return judge(check, cases, dict.fromkeys(cases, answer), expected)
            if self._for_want_of_tensorflow(answers):
                return fault(check, needs(TENSORFLOW))
            if judge_case(check, name, case, answer, expected[name]).outcome is not Outcome.PASSED:
                return skipped(check, cases, needed)
        return judge(check, cases, answers, expected, broken, self.bench.assignment.form_costs)

    def _for_want_of_tensorflow(self, answers: Mapping[str, Answer]) -> bool:
        """Whether an answer is none, or may be none, because TensorFlow is not installed: never the student's fault."""
        wanting = any(
            (answer.ending is Ending.RAISED and (LACKING.search(answer.error) or (self.lacks and UNKNOWN in answer.error)))
            or (answer.ending is Ending.MISSING and self.lacks and any(UNKNOWN in stop for stop in self.opened.stops))
            for answer in answers.values()
        )
        return wanting and not is_installed(TENSORFLOW)  # asked last: it looks through every folder of libraries

    def with_stand_ins(
        self, check: Check, results: Mapping[str, CheckResult], calls: Future[Calls]
    ) -> tuple[CheckResult, dict[str, Answer], dict[str, str]] | None:
        """A skipped check, asked once more with stand-ins for what it needs and does not work; None where there are none.

        Returns:
            The verdict, the answers, and what is wrong with each case of which it can be told why.
        """
        cases = self.cases[check.name]
        needed = [name for name in check.depends if not _works(name, results)]
        try:
            more = stand_ins(calls.result(), cases, needed)
        except Exception:  # such as a record of another version: what is told without stand-ins is true as well
            return None
        if not more or self.bench.left <= 0:
            return None
        limit = SHORTENED * self.bench.timeout_of(check)
        answers = dict(self.bench.each_with(check, cases, more, limit))
        assignment = self.bench.assignment
        found = stood_in(check, cases, answers, self.expected[check.name].result(), needed, assignment.stand_in_earns)
        return None if found is None else (found[0], answers, found[1])

    def _observe(self, check: Check, cases: Mapping[str, Case]) -> dict[str, Answer]:
        return dict(self.bench.each(check, cases))

    def unanswered(self, total: float | None) -> tuple[str, ...]:
        """The sentence for the checks that were not answered because the submission's time was used up; none if all were."""
        sentence = used_up(total or 0.0)
        names = [
            name
            for name, answers in self.answers.items()
            if any(answer.ending is Ending.TIMED_OUT and answer.error.startswith(sentence) for answer in answers.values())
        ]
        return (f"{sentence}; not fully answered: {', '.join(names)}",) if names else ()


def _own(function: str) -> tuple[str, ...]:
    """The functions that are a check's own, as an exception names them: of a method, the constructor too."""
    return (function.partition(".")[2], "__init__") if "." in function else (function,)


def _works(function: str, results: Mapping[str, CheckResult]) -> bool:
    """Whether every case about a function passed.

    A rule on the source that it breaks does not stand in the way of others, and neither does a fault of ours.
    """
    about = [result for result in results.values() if result.function == function and result.judged]
    return all(case.outcome is Outcome.PASSED for result in about for case in result.cases)


def _shown(result: CheckResult) -> str:
    """The case that a student reads about first."""
    return first.name if (first := result.first_wrong) else ""


def _reasons(
    check: Check, cases: Mapping[str, Case], answers: Mapping[str, Answer], said: Mapping[str, str], references: References
) -> list[Reason]:
    """Why the answers are wrong; a failure to look for it takes no verdict away."""
    try:
        return references.reasons(check, cases, answers, said)
    except Exception:  # such as a list of misconceptions that does not fit the reference any more
        return []

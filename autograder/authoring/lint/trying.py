"""Trying a text of the reference: is there a case on which it is wrong?"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.assignment import SpecError
from autograder.authoring.lint.subject import Subject
from autograder.checks.base import Check
from autograder.grading.bench import Bench, UnreadyError
from autograder.grading.grade import PUBLIC_SEED
from autograder.grading.judging import judge_case
from autograder.observation.answer import Ending
from autograder.outcome import Outcome
from autograder.text.errors import FaultError

AT_LEAST, TIMES = 1.0, 20.0  # what hangs is cut off after a second and twenty times the reference's own time


class LintError(FaultError):
    """The lint itself could not be done: a worker could not be set up."""


def caught(subject: Subject, source: str, checks: Sequence[Check], seed: int = PUBLIC_SEED) -> str:
    """The first case on which a text of the main file loses points, and why; "" where it keeps them all.

    A submission is asked everything; here the first wrong answer is enough.

    Raises:
        LintError: a worker could not be set up.
        SpecError: the reference does not answer.
    """
    return caught_with(subject, source, checks, (seed,))[seed]


def caught_with(subject: Subject, source: str, checks: Sequence[Check], seeds: Sequence[int]) -> dict[int, str]:
    """The same for several seeds, of one worker; raises as `caught` does."""
    with Bench(subject.assignment, subject.workers, once=True) as bench:
        try:
            opened = bench.load(subject.with_main(source), checks)
        except UnreadyError as error:
            raise LintError(str(error)) from None
        if opened.ending is not Ending.RETURNED or opened.stops:
            return dict.fromkeys(seeds, opened.error or opened.stops[0])
        broken = next((f"{check.name}: {opened.broken[check.name][0]}" for check in checks if opened.broken.get(check.name)), "")
        return {seed: broken or _first_wrong(subject, bench, checks, seed) for seed in seeds}


def _first_wrong(subject: Subject, bench: Bench, checks: Sequence[Check], seed: int) -> str:
    for check in checks:
        asked = subject.asked(check, seed)
        for name, case in asked.cases.items():
            limit = AT_LEAST + TIMES * asked.expected[name].seconds
            answer = bench.ask(check, name, case, limit=min(limit, bench.timeout_of(check)))
            result = judge_case(check, name, case, answer, asked.expected[name])
            if Ending.UNREADY in (answer.ending, asked.expected[name].ending):
                raise LintError(f"{check.name}, case {name!r}: {result.message}")
            if result.outcome is Outcome.GRADER_ERROR:
                raise SpecError(f"{check.name}, case {name!r}: {result.message}; correct the case, or the reference")
            if result.outcome is not Outcome.PASSED:
                return f"{check.name}, case {name!r}: {result.message}"
    return ""

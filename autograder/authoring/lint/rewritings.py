"""The rule on other spellings: what is mathematically equal to the reference keeps every point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import local

from autograder.assignment import SpecError
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.rates import rate
from autograder.authoring.lint.subject import Subject, is_slow
from autograder.authoring.lint.survivors import SURVIVORS, SurvivorsError, explained_in
from autograder.authoring.lint.trying import AT_LEAST, TIMES, LintError
from autograder.authoring.rewriting import Rewriting, rewritings
from autograder.checks.base import Check
from autograder.grading.bench import Bench, UnreadyError
from autograder.grading.judging import judge_case
from autograder.observation.answer import Ending
from autograder.outcome import Outcome

SAMPLE = 40  # of an assignment, for a quick look


class Taken(StrEnum):
    """What became of a spelling."""

    RIGHT = "right"
    DOCKED = "docked"
    UNFIT = "unfit"  # it raises, or breaks a rule on the source: not a way to write this function


@dataclass(frozen=True)
class Trial:
    """A spelling, what became of it, and why."""

    rewriting: Rewriting
    taken: Taken
    why: str = ""


def respelt(subject: Subject) -> Report:
    """The reference in other spellings, which round otherwise, loses no point.

    Raises:
        LintError: a worker could not be set up.
        SpecError: the reference does not answer.
    """
    try:
        reasons = explained_in(subject.references.folder).rewritings
    except SurvivorsError as error:
        return Report("rewritings", "", (Finding(Level.ERROR, SURVIVORS, str(error)),))
    every = [
        one
        for name, checks in subject.functions.items()
        if any(not is_slow(check) for check in checks)
        for one in rewritings(subject.source, name)
    ]
    chosen = every[:: max(1, len(every) // SAMPLE)] if subject.quick else every
    for name in dict.fromkeys(one.function for one in chosen):
        for check in subject.functions[name]:
            if not is_slow(check):
                subject.asked(check)
    with _Benches(subject) as benches:
        tried = subject.each(benches.trial, chosen)
    fit = [one for one in tried if one.taken is not Taken.UNFIT]
    docked = [one for one in fit if one.taken is Taken.DOCKED]
    known = {(one.rewriting.function, one.rewriting.kind) for one in docked}
    counted = [one for one in fit if (one.rewriting.function, one.rewriting.kind) not in reasons]
    wrong = [one for one in docked if one in counted]
    findings = [
        Finding(
            Level.ERROR,
            one.rewriting.function,
            f"right answers docked: `{one.rewriting.kind}` loses points: {one.why}. Allow a larger `rtol`, draw another "
            f"case, or explain in {SURVIVORS} why it is another function",
        )
        for one in wrong
    ]
    findings += [
        Finding(Level.WARNING, f"{SURVIVORS}, {function}", f"`{kind}` keeps its points: remove its explanation")
        for function, kind in ([] if subject.quick else sorted(reasons.keys() - known))
    ]
    unfit = len(tried) - len(fit)
    summary = (
        f"{len(chosen) - unfit} rewritings of {len({one.function for one in chosen})} functions; right answers docked: "
        f"{rate(len(wrong), len(counted))}"
        + (f"; {unfit} do not fit" if unfit else "")
        + (f"; {len(fit) - len(counted)} explained" if len(fit) > len(counted) else "")
    )
    details = {
        "spellings": len(fit),
        "docked": len(wrong),
        "unfit": [
            {"function": one.rewriting.function, "kind": one.rewriting.kind, "why": one.why} for one in tried if one not in fit
        ],
        "kinds": dict(Counter(one.rewriting.kind for one in fit)),
    }
    return Report("rewritings", summary, tuple(findings), details)


class _Benches:
    """One bench for each thread, on which spellings are laid out one after the other: none harms the next."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._own = local()
        self._all: list[Bench] = []

    def __enter__(self) -> _Benches:
        return self

    def __exit__(self, *error: object) -> None:
        for bench in self._all:
            bench.close()

    def trial(self, one: Rewriting) -> Trial:
        """What becomes of a spelling, in the cases of the checks that ask about its function."""
        bench = getattr(self._own, "bench", None)
        if bench is None:
            bench = self._own.bench = Bench(self.subject.assignment, self.subject.workers)
            self._all.append(bench)
        checks = [check for check in self.subject.functions[one.function] if not is_slow(check)]
        return _tried(self.subject, bench, one, checks)


def _tried(subject: Subject, bench: Bench, one: Rewriting, checks: Sequence[Check]) -> Trial:
    try:
        opened = bench.lay_out(subject.with_main(one.source), checks)
    except UnreadyError as error:
        raise LintError(str(error)) from None
    if opened.ending is not Ending.RETURNED or opened.stops:
        return Trial(one, Taken.UNFIT, opened.error or opened.stops[0])
    for check in checks:
        if opened.broken.get(check.name):
            return Trial(one, Taken.UNFIT, opened.broken[check.name][0])
        asked = subject.asked(check)
        for name, case in asked.cases.items():
            expected = asked.expected[name]
            limit = AT_LEAST + TIMES * expected.seconds
            answer = bench.ask(check, name, case, limit=min(limit, bench.timeout_of(check)))
            result = judge_case(check, name, case, answer, expected)
            if Ending.UNREADY in (answer.ending, expected.ending):
                raise LintError(f"{check.name}, case {name!r}: {result.message}")
            if result.outcome is Outcome.GRADER_ERROR:
                raise SpecError(f"{check.name}, case {name!r}: {result.message}; correct the case, or the reference")
            if result.outcome is not Outcome.PASSED:
                raised = answer.ending is not Ending.RETURNED
                return Trial(one, Taken.UNFIT if raised else Taken.DOCKED, f"{check.name}, case {name!r}: {result.message}")
    return Trial(one, Taken.RIGHT)

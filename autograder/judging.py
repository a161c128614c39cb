"""Judging: cases, a submission's answers and the reference's in, a verdict out. Pure: no process, no file, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from autograder.answer import Answer, Ending
from autograder.checks.base import Case, Check
from autograder.checks.rules import Seen, judged
from autograder.outcome import CaseResult, CheckResult, Outcome

RULE_CAP = 0.3  # of the points, where the function breaks a rule on its source

_FAULTS: WeakKeyDictionary[Case, tuple[Check, Answer, str]] = WeakKeyDictionary()
OUTCOME_OF = {
    Ending.RAISED: Outcome.CRASHED,
    Ending.NOT_STARTED: Outcome.NOT_STARTED,
    Ending.MISSING: Outcome.FAILED,
    Ending.UNFIT: Outcome.FAILED,
    Ending.ENDED: Outcome.CRASHED,
    Ending.TIMED_OUT: Outcome.TIMED_OUT,
    Ending.OUT_OF_MEMORY: Outcome.OUT_OF_MEMORY,
    Ending.OVER_LIMIT: Outcome.OVER_LIMIT,
    Ending.BROKE_OFF: Outcome.CRASHED,
    Ending.UNREADY: Outcome.GRADER_ERROR,
}


def judge(
    check: Check,
    cases: Mapping[str, Case],
    answers: Mapping[str, Answer],
    expected: Mapping[str, Answer],
    broken: Sequence[str] = (),
) -> CheckResult:
    """The verdict on a check.

    Args:
        check: what was asked.
        cases: its cases by name.
        answers: what the submission answered to each.
        expected: what the reference answered to each.
        broken: what the source says of each of the check's rules, "" where it breaks none.
    """
    results = tuple(judge_case(check, name, case, answers[name], expected[name]) for name, case in cases.items())
    outcome = _outcome(results)
    right = {result.name for result in results if result.outcome is Outcome.PASSED}
    if outcome is Outcome.PARTIAL and all(cases[name].trivial for name in right):
        right, outcome = set(), next(result.outcome for result in results if result.name not in right)
    score: float | None = round(check.points * len(right) / len(results), 2)
    broken, _ = judged(check.rules, broken, seen_in(cases, answers))
    wrong = next((result for result in results if result.outcome is outcome), None) or next(
        (result for result in results if result.outcome is not Outcome.PASSED), None
    )
    message = "" if wrong is None else f'case "{wrong.name}": {wrong.message}' if wrong.message else ""
    if outcome is Outcome.GRADER_ERROR:
        score = None
    elif outcome is Outcome.NOT_STARTED:
        message = f"`{check.function}` still raises NotImplementedError"
    elif broken and outcome in (Outcome.PASSED, Outcome.PARTIAL, Outcome.FAILED, Outcome.CRASHED):
        outcome, message = Outcome.RULE_BROKEN, f"`{check.function}` {'; '.join(broken)}" + (f"; {message}" if message else "")
        score = min(score or 0.0, round(RULE_CAP * check.points, 2))
    return CheckResult(
        check.name,
        check.function,
        outcome,
        score,
        check.points,
        message,
        "" if outcome in (Outcome.PASSED, Outcome.NOT_STARTED, Outcome.GRADER_ERROR) else check.hint,
        seconds=round(sum(answer.seconds for answer in answers.values()), 3),
        cases=results,
    )


def seen_in(cases: Mapping[str, Case], answers: Mapping[str, Answer]) -> list[Seen]:
    """What was seen in each case in which somebody looked at what was called."""
    return [
        Seen(answer.calls, cases[name].inputs, answer.ending is Ending.RETURNED)
        for name, answer in answers.items()
        if answer.calls is not None and name in cases
    ]


def unused_in(check: Check, cases: Mapping[str, Case], answers: Mapping[str, Answer], broken: Sequence[str] = ()) -> list[str]:
    """Sentences about what the source has that is forbidden, and that was not called in any case: worth no points."""
    _, unused = judged(check.rules, broken, seen_in(cases, answers))
    return [f"`{check.function}` {sentence.split(', which')[0]}, which is not allowed, but never calls it" for sentence in unused]


def judge_case(check: Check, name: str, case: Case, answer: Answer, expected: Answer) -> CaseResult:
    """The verdict on one case."""
    inputs = {**case.inputs, **case.kept}
    fault = _reference_fault(check, case, expected)
    if fault:
        return CaseResult(name, Outcome.GRADER_ERROR, fault)
    if answer.ending is Ending.RETURNED:
        try:
            message = check.compare(answer.observation, expected.observation, inputs)
        except Exception as error:  # the reference compares with itself, so the answer is what cannot be compared
            message = f"the answer cannot be compared with the expected one ({type(error).__name__})"
        outcome = Outcome.FAILED if message else Outcome.PASSED
    else:
        outcome, message = OUTCOME_OF[answer.ending], sentence_for(answer, case)
    see = "" if outcome in (Outcome.PASSED, Outcome.NOT_STARTED) else check.call_text(case.inputs)
    return CaseResult(name, outcome, message, answer.printed, see)


def skipped(check: Check, cases: Mapping[str, Case], needed: str) -> CheckResult:
    """The verdict on a check whose function needs another that does not work yet."""
    message = f"`{needed}` must work first"
    results = tuple(CaseResult(name, Outcome.SKIPPED, message) for name in cases)
    return CheckResult(check.name, check.function, Outcome.SKIPPED, 0.0, check.points, message, cases=results)


def unreadable(check: Check, cases: Mapping[str, Case], ending: Ending, error: str) -> CheckResult:
    """The verdict on a check of a file that cannot be imported at all."""
    outcome = OUTCOME_OF[ending]
    results = tuple(CaseResult(name, outcome, error) for name in cases)
    score = None if outcome is Outcome.GRADER_ERROR else 0.0
    return CheckResult(check.name, check.function, outcome, score, check.points, error, cases=results)


def fault(check: Check, message: str) -> CheckResult:
    """The verdict on a check that we could not put: no points are lost."""
    return CheckResult(check.name, check.function, Outcome.GRADER_ERROR, None, check.points, message)


def sentence_for(answer: Answer, case: Case) -> str:
    """Why there is no observation, in one sentence."""
    place = f" ({answer.place})" if answer.place else ""
    match answer.ending:
        case Ending.RAISED:
            wanted = f"; expected {case.raises}" if case.raises else ""
            return f"raised {answer.error}{wanted}{place}" if ":" in answer.error[:60] else f"{answer.error}{wanted}{place}"
        case Ending.NOT_STARTED:
            return f"`{answer.inside}` is not written yet{place}"
    return f"{answer.error}{place}"


def _outcome(results: Sequence[CaseResult]) -> Outcome:
    outcomes = [result.outcome for result in results]
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    if all(outcome is Outcome.PASSED for outcome in outcomes):
        return Outcome.PASSED
    if Outcome.PASSED in outcomes:
        return Outcome.PARTIAL
    return outcomes[0]


def _reference_fault(check: Check, case: Case, expected: Answer) -> str:
    """What is wrong with the reference's own answer, or "": it has to exist and to pass. Found once for a class."""
    of, answer, fault = _FAULTS.get(case, (None, None, ""))
    if of is not check or answer is not expected:
        fault = _fault_in(check, case, expected)
        _FAULTS[case] = check, expected, fault
    return fault


def _fault_in(check: Check, case: Case, expected: Answer) -> str:
    if expected.ending is not Ending.RETURNED:
        return f"the reference itself did not answer: {expected.ending}: {expected.error or expected.place}"
    try:
        sentence = check.compare(expected.observation, expected.observation, {**case.inputs, **case.kept})
    except Exception as error:
        return f"the reference's answer cannot be compared with itself: {type(error).__name__}: {error}"
    return f"the reference itself does not pass: {sentence}" if sentence else ""

"""Judging: cases, a submission's answers and the reference's in, a verdict out. Pure: no process, no file, no clock."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from inspect import Parameter
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograder.assignment import FORM_COSTS
from autograder.checks.base import EFFECT, Case, Check
from autograder.checks.binding import parameters_of
from autograder.checks.by_hand import WAITING
from autograder.checks.rules import Seen, judged
from autograder.observation import Observation, leaves
from autograder.observation.answer import Answer, Ending
from autograder.observation.closeness import in_form
from autograder.outcome import NOT_HERE, CaseResult, CheckResult, Outcome
from autograder.sandbox.installed import called, remedy
from autograder.text import plain

MESSAGE_MOST = 1000  # characters of a sentence about an answer, whatever is in the answer
RULE_CAP = 0.3  # of the points, where the function breaks a rule on its source
ORDINARY = 1000  # the largest number in inputs that are nothing out of the ordinary
RIGHT_NUMBERS = "the numbers are right"

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
    form_costs: float = FORM_COSTS,
) -> CheckResult:
    """The verdict on a check: each case earns its share of the points, less `form_costs` of it where only its form is wrong.

    Args:
        check: what was asked.
        cases: its cases by name.
        answers: what the submission answered to each.
        expected: what the reference answered to each.
        broken: what the source says of each of the check's rules, "" where it breaks none.
        form_costs: the share of a case's points that a wrong form costs.
    """
    results = tuple(judge_case(check, name, case, answers[name], expected[name]) for name, case in cases.items())
    outcome = _outcome(results)
    earned = {result.name: 1.0 for result in results if result.outcome is Outcome.PASSED}
    earned |= {result.name: 1 - form_costs for result in results if result.outcome is Outcome.PARTIAL}
    if outcome is Outcome.PARTIAL and not any(_tells(cases[name]) for name in earned):
        outcome = next((result.outcome for result in results if result.name not in earned), Outcome.FAILED)
        earned = {}
    score: float | None = round(check.points * math.fsum(earned.values()) / len(results), 2)
    broken, _ = judged(check.rules, broken, seen_in(cases, answers))
    wrong = _shown_first(outcome, results, cases)
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
        stretch=check.stretch,
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
        outcome, message = _compared(check, answer.observation, expected.observation, inputs)
        place = f": {answer.place}" if message.endswith(")") else f" ({answer.place})"
        message = f"{message}{place}" if message and answer.place else message or only_reported(check, case)
    else:
        outcome, message = OUTCOME_OF[answer.ending], sentence_for(answer, case)
    see = (
        ""
        if outcome in (Outcome.PASSED, Outcome.NOT_STARTED) or answer.ending is Ending.UNFIT  # which no call was made of
        else as_theirs(check.call_of(case), check.function, case, answer)
    )
    return CaseResult(name, outcome, plain(message, MESSAGE_MOST, lines=True), answer.printed, see)


def _compared(check: Check, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> tuple[Outcome, str]:
    """How an answer compares with the expected one: PARTIAL where it is right in all but its form."""
    message = _difference(check, actual, expected, inputs)
    if not message:
        return Outcome.PASSED, ""
    formed = in_form(actual, {name: value for name, value in expected.items() if not name.startswith(EFFECT)})
    if formed is None:
        return Outcome.FAILED, message
    rest = _difference(check, formed, expected, inputs)
    if not rest:
        return Outcome.PARTIAL, message if RIGHT_NUMBERS in message else f"{message}; {RIGHT_NUMBERS}"
    return Outcome.FAILED, message if rest == message else f"{message}; besides, {rest}"


def _difference(check: Check, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
    try:
        with np.errstate(all="ignore"):  # 1e308 is an answer like any other
            return check.compare(actual, expected, inputs)
    except Exception as error:  # the reference compares with itself, so the answer is what cannot be compared
        return f"the answer cannot be compared with the expected one ({type(error).__name__})"


def _shown_first(outcome: Outcome, results: Sequence[CaseResult], cases: Mapping[str, Case]) -> CaseResult | None:
    """The case that a student should look at first: the plainest of those that ended as the check did."""
    wrong = [result for result in results if result.outcome is not Outcome.PASSED]
    same = [result for result in wrong if result.outcome is outcome] if outcome is not Outcome.PARTIAL else []
    numbers = [result for result in wrong if result.outcome is not Outcome.PARTIAL]
    return min(same or numbers or wrong, key=lambda result: _is_edge(cases[result.name]), default=None)


def _is_edge(case: Case) -> bool:
    """Whether a case is about something out of the ordinary: an error, nothing at all, or very large numbers."""
    arrays = [leaf for _, leaf in leaves(case.inputs) if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "iuf"]
    return bool(case.raises or case.trivial) or any(not array.size or not np.all(np.abs(array) <= ORDINARY) for array in arrays)


def only_reported(check: Check, case: Case) -> str:
    """What of a right answer can be seen only beside the student's code, in one sentence; "" for a value."""
    seen = [
        f"{case.raises} was raised" if case.raises else "",
        "NumPy gave no warning" if case.quiet else "",
        "the random state was left alone" if check.keeps_random_state else "",
    ]
    told = " and that ".join(part for part in seen if part)
    return f"only the worker can tell that {told}" if told else ""


def as_theirs(call: str, function: str, case: Case, answer: Answer) -> str:
    """The call that shows a case, as it was made: with the names of the student's own parameters, or by position."""
    if not call or not (answer.names or answer.places) or function not in case.contract:
        return call
    try:
        calls = [node for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Call) and ast.unparse(node.func) == function]
        changes = [change for node in calls for change in _renamed(node, call, case.contract[function], answer)]
    except (SyntaxError, ValueError, RecursionError):  # an author's `see=` need not be Python
        return call
    lines = call.encode().split(b"\n")
    for line, start, end, text in sorted(changes, reverse=True):
        lines[line - 1] = lines[line - 1][:start] + text.encode() + lines[line - 1][end:]
    return b"\n".join(lines).decode()


def _renamed(call: ast.Call, text: str, contract: str, answer: Answer) -> Iterator[tuple[int, int, int, str]]:
    """The changes of a call, as line, first and last byte, and new text: keywords renamed, what stands elsewhere named."""
    places, names = parameters_of(contract).parameters, answer.names
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return
    if answer.places:
        yield from _placed(call, text, places, answer)
        return
    moved = any(names.get(name, name) in places or [*places].index(name) < len(call.args) for name in names if name in places)
    if moved and len(call.args) <= len(places):
        for name, argument in zip(places, call.args, strict=False):
            yield argument.lineno, argument.col_offset, argument.col_offset, f"{names.get(name, name)}="
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg in names:
            yield keyword.lineno, keyword.col_offset, keyword.col_offset + len(keyword.arg.encode()), names[keyword.arg]


def _placed(call: ast.Call, text: str, places: Mapping[str, Parameter], answer: Answer) -> Iterator[tuple[int, int, int, str]]:
    """The change of a call of a function that takes some of its parameters by position only: these first, in its order."""
    parts: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    named = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    if not parts or len(call.args) > len(places) or len(named) < len(call.keywords) or parts[0].lineno != parts[-1].end_lineno:
        return
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = [*list(places)[: len(call.args)], *named]
    given = {name: ast.get_source_segment(text, value) or "" for name, value in zip(names, values, strict=True)}
    end = max((at for at, name in enumerate(answer.places, 1) if name in given), default=0)
    first = [given.pop(name, repr(places[name].default)) for name in answer.places[:end] if name in places]
    rest = [f"{answer.names.get(name, name)}={value}" for name, value in given.items()]
    yield parts[0].lineno, parts[0].col_offset, parts[-1].end_col_offset or 0, ", ".join([*first, *rest])


def untouched(check: Check, cases: Mapping[str, Case]) -> CheckResult:
    """The verdict on a program to repair that is still as it was handed out: nothing is run, and nothing is wrong yet."""
    message = f"`{check.function}` is still as it was handed out"
    results = tuple(CaseResult(name, Outcome.NOT_STARTED, message) for name in cases)
    return CheckResult(
        check.name, check.function, Outcome.NOT_STARTED, 0.0, check.points, message, cases=results, stretch=check.stretch
    )


def skipped(check: Check, cases: Mapping[str, Case], needed: str) -> CheckResult:
    """The verdict on a check whose function needs another that does not work yet."""
    message = f"`{needed}` must work first"
    results = tuple(CaseResult(name, Outcome.SKIPPED, message) for name in cases)
    return CheckResult(
        check.name, check.function, Outcome.SKIPPED, 0.0, check.points, message, cases=results, stretch=check.stretch
    )


def stood_in(
    check: Check,
    cases: Mapping[str, Case],
    answers: Mapping[str, Answer],
    expected: Mapping[str, Answer],
    needed: Sequence[str],
    earns: float,
) -> tuple[CheckResult, dict[str, str]] | None:
    """The verdict on a skipped check that was asked once more, with stand-ins for the functions that do not work.

    Args:
        check: what was asked.
        cases: its cases by name.
        answers: what the submission answered to each.
        expected: what the reference answered to each.
        needed: the functions that have a stand-in.
        earns: the share of its points that it earns for what is right.

    Returns:
        The verdict, and what is wrong with each case of which it can be told why. None if the answers say nothing: a limit was
        reached, or one more function is not written yet.
    """
    if any(answer.ending not in (Ending.RETURNED, Ending.RAISED, Ending.UNFIT) for answer in answers.values()):
        return None
    results = [judge_case(check, name, case, answers[name], expected[name]) for name, case in cases.items()]
    right = [result for result in results if result.outcome is Outcome.PASSED]
    shown = _shown_first(Outcome.PARTIAL, results, cases)
    *others, last = [f"`{name}`" for name in needed]
    names = f"{', '.join(others)} and {last}" if others else last
    with_it = "a right one in its place" if len(needed) == 1 else "right ones in their places"
    found = "this check passes" if shown is None else f'case "{shown.name}": {shown.message}'
    verdict = replace(
        skipped(check, cases, needed[0]),
        score=round(earns * check.points * len(right) / len(results), 2),
        message=f"{names} must work first; with {with_it}, {found}",
        hint="" if shown is None else check.hint,
    )
    wrong = [result for result in results if result not in right and answers[result.name].ending is not Ending.UNFIT]
    return verdict, {result.name: result.message for result in wrong}


def unreadable(check: Check, cases: Mapping[str, Case], ending: Ending, error: str) -> CheckResult:
    """The verdict on a check of a file that cannot be imported at all."""
    outcome = OUTCOME_OF[ending]
    results = tuple(CaseResult(name, outcome, error) for name in cases)
    score = None if outcome is Outcome.GRADER_ERROR else 0.0
    return CheckResult(check.name, check.function, outcome, score, check.points, error, cases=results, stretch=check.stretch)


def fault(check: Check, message: str) -> CheckResult:
    """The verdict on a check that we could not put: no points are lost."""
    return CheckResult(check.name, check.function, Outcome.GRADER_ERROR, None, check.points, message, stretch=check.stretch)


def to_mark(check: Check) -> CheckResult:
    """The verdict on a check that a person marks: none yet."""
    rubric = plain(getattr(check, "rubric", ""), MESSAGE_MOST, lines=True)
    return CheckResult(check.name, check.function, Outcome.TO_MARK, None, check.points, WAITING, rubric, stretch=check.stretch)


def needs(package: str) -> str:
    """Why a check cannot be put here, and what to do."""
    return f"it needs {called(package)}, {NOT_HERE}. {remedy(package)}"


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


def _tells(case: Case) -> bool:
    """Whether a right answer to a case shows that the function works: it is neither trivial nor a mere claim.

    That an exception was raised can be seen in the worker only, so it counts once a value of the same check is right.
    """
    return not (case.trivial or case.raises)


def _outcome(results: Sequence[CaseResult]) -> Outcome:
    outcomes = [result.outcome for result in results]
    if Outcome.GRADER_ERROR in outcomes:
        return Outcome.GRADER_ERROR
    if all(outcome is Outcome.PASSED for outcome in outcomes):
        return Outcome.PASSED
    if Outcome.PASSED in outcomes or Outcome.PARTIAL in outcomes:
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

"""Inputs on which a mutant and the reference differ: the case that would catch a survivor.

Tried are the cases of other seeds, then the cases of the public one with something about them changed: the size of the numbers,
their type, how many rows there are, one number at a time, an argument left out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from autograder.authoring.lint.subject import Asked, Subject, is_slow
from autograder.authoring.mutation import Mutant
from autograder.checks.base import Case, Check
from autograder.grading.bench import Bench
from autograder.observation.answer import Answer, Ending

SECONDS = 10.0  # for one answer, while a difference is looked for
REFUSAL = "ValueError"  # what a reference raises on purpose
Inputs = dict[str, Any]


@dataclass(frozen=True)
class Search:
    """What came of looking for a difference: the sentence that shows one, or "", and how many inputs were tried."""

    found: str
    tries: int


def search(subject: Subject, mutant: Mutant, seeds: tuple[int, ...], most: int, seconds: float) -> Search:
    """Look for inputs on which the mutant answers differently; the reference must have an answer there, or a ValueError."""
    checks = [check for check in subject.functions[mutant.function] if not is_slow(check)]
    raised, tries, started = "", 0, time.monotonic()
    with ExitStack() as stack:
        reference, other = (stack.enter_context(Bench(subject.assignment, subject.workers)) for _ in range(2))
        reference.load(subject.references.files, checks)
        other.load(subject.with_main(mutant.source), checks)
        for check, name, words, case in islice(_questions(subject, checks, seeds), most):
            if time.monotonic() - started > seconds:
                break
            key = (check.name, name, words)
            if key not in subject.answers:  # shared by the mutants of a function
                subject.answers[key] = reference.ask(check, name, case, limit=SECONDS)
            expected = subject.answers[key]
            if not _can_be_asked_for(check, case, expected):
                continue
            tries += 1
            sentence = _difference(check, case, other.ask(check, name, case, limit=SECONDS), expected)
            if not sentence:
                continue
            call = check.call_of(case)
            shown = f"{check.name}, case {name!r}{words}: {sentence}" + (f"; {call}" if call and "\n" not in call else "")
            if expected.ending is Ending.RETURNED:
                return Search(shown, tries)
            raised = raised or shown
    return Search(raised, tries)


def _questions(subject: Subject, checks: list[Check], seeds: tuple[int, ...]) -> Iterator[tuple[Check, str, str, Case]]:
    for check in checks:
        for seed in seeds:
            for name, case in subject.asked(check, seed).cases.items():
                yield check, name, f" with seed {seed}", replace(case, raises="")
    yield from _in_turn([subject.asked(check) for check in checks])


def _in_turn(many: list[Asked]) -> Iterator[tuple[Check, str, str, Case]]:
    """The changed cases, first change of every case, then the second of each."""
    waiting = [
        (asked.check, name, case, variations(case.inputs, np.random.default_rng(0)))
        for asked in many
        for name, case in asked.cases.items()
    ]
    while waiting:
        left = []
        for check, name, case, changes in waiting:
            change = next(changes, None)
            if change is not None:
                words, inputs = change
                yield check, name, f", {words}", replace(case, inputs=inputs, raises="")
                left.append((check, name, case, changes))
        waiting = left


def variations(inputs: Mapping[str, Any], rng: np.random.Generator) -> Iterator[tuple[str, Inputs]]:
    """The inputs with one thing about them changed, and the words for it."""
    arrays = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    floats: dict[str, Any] = {name: value for name, value in arrays.items() if value.dtype.kind == "f"}
    numbers = {name: value for name, value in inputs.items() if type(value) in (int, float)}
    for name in inputs:
        yield f"without `{name}`", {other: value for other, value in inputs.items() if other != name}
    for name, value in numbers.items():
        for other in (0, 1, value + 1, 2 * value, -value):
            if other != value:
                yield f"{name}={type(value)(other)!r}", {**inputs, name: type(value)(other)}
    for name, flag in inputs.items():
        if isinstance(flag, bool):
            yield f"{name}={not flag}", {**inputs, name: not flag}
    if floats:
        yield "other numbers", {**inputs, **{name: rng.normal(size=a.shape).astype(a.dtype) for name, a in floats.items()}}
        for words, factor in (("100 times as large", 100.0), ("a hundredth", 0.01), ("the other sign", -1.0), ("all 0", 0.0)):
            yield words, {**inputs, **{name: np.round(a * factor, 6).astype(a.dtype) for name, a in floats.items()}}
        whole = {name: rng.integers(-3, 4, a.shape).astype(a.dtype) for name, a in floats.items()}
        yield "whole numbers", {**inputs, **whole}
        cast = {name: a.astype(np.float32 if a.dtype == np.float64 else np.float64) for name, a in floats.items()}
        yield "in the other precision", {**inputs, **cast}
    rows = Counter(len(a) for a in arrays.values() if a.ndim).most_common(1)
    long = {name: a for name, a in arrays.items() if rows and a.ndim and len(a) == rows[0][0]}
    if long:
        yield "twice the rows", {**inputs, **{name: np.concatenate([a, a]) for name, a in long.items()}}
        for words, place in (("one row", slice(0, 1)), ("a row less", slice(0, -1)), ("no rows", slice(0, 0))):
            yield words, {**inputs, **{name: a[place] for name, a in long.items()}}
    for name, array in arrays.items():
        if array.ndim == 2 and array.shape[0] == array.shape[1]:
            yield f"`{name}` not square", {**inputs, name: array[:, :-1]}


def _can_be_asked_for(check: Check, case: Case, expected: Answer) -> bool:
    """Whether a case may hold a student to this answer: the reference returns it and passes, or refuses the inputs."""
    if expected.ending is not Ending.RETURNED:
        return expected.ending is Ending.RAISED and expected.error.startswith(REFUSAL)
    return _compared(check, case, expected, expected) == ""


def _difference(check: Check, case: Case, actual: Answer, expected: Answer) -> str:
    """How two answers differ, "" where they do not."""
    if expected.ending is not Ending.RETURNED:
        same = actual.ending is Ending.RAISED and actual.error.startswith(REFUSAL)
        return "" if same else f"the reference raised {expected.error}; the mutant {actual.error or actual.ending}"
    if actual.ending is not Ending.RETURNED:
        return actual.error or f"it {actual.ending}"
    return _compared(check, case, actual, expected) or ""


def _compared(check: Check, case: Case, actual: Answer, expected: Answer) -> str | None:
    """What the check says; None where its own comparison is not made for such inputs."""
    try:
        with np.errstate(all="ignore"):
            return check.compare(actual.observation, expected.observation, {**case.inputs, **case.kept})
    except Exception:
        return None

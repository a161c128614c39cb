"""The rule on answers: the reference's own answer with something wrong about it is refused.

Nothing runs: what the reference answered is changed, and judged as a submission's. Changed are whole answers, as a wrong program
would have them (times 1.001, half of the rows, a nan), and each part of an answer by itself, to see that it is compared at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.rates import rate
from autograder.authoring.lint.subject import Asked, Subject, is_slow, unknown_in
from autograder.authoring.lint.survivors import SURVIVORS, SurvivorsError, explained_in
from autograder.checks.base import EFFECT, RAISED, Case, Check
from autograder.checks.training import Training
from autograder.grading.judging import judge_case
from autograder.observation import Observation, Odd, Texts, Value
from autograder.observation.answer import Answer, Ending
from autograder.outcome import Outcome

CLEARLY = 3.0  # times the tolerance: a change below is no wrong answer
NARROW = (np.float32, np.float16)
NARROW_RTOL, NARROW_ATOL = 1e-4, 1e-6  # what float32 is held to (see `checks.base`)
Change = Callable[[Any, float], Any]  # an array and the check's rtol; None where the change does not apply


@dataclass(frozen=True)
class Paid:
    """A changed answer that a check takes for right: in these cases, of those in which it is wrong."""

    check: str
    mutant: str
    cases: tuple[str, ...]
    of: int


def answers(subject: Subject) -> Report:
    """Changed answers of the reference are refused, and each of its parts is compared."""
    try:
        reasons = explained_in(subject.references.folder).answers
    except SurvivorsError as error:
        return Report("answers", "", (Finding(Level.ERROR, SURVIVORS, str(error)),))
    checks = [check for check in subject.assignment.checks if not (subject.quick and is_slow(check))]
    tried, paid, explained = Counter[bool](), Counter[bool](), 0  # apart for kinds of the author's own
    findings: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    for done, check in enumerate(checks, 1):
        asked = subject.asked(check)
        own = _is_own_kind(check)
        wrong = []
        for one in _whole(asked):
            seen.add((one.check, one.mutant))
            if (one.check, one.mutant) in reasons:
                explained += one.of
                continue
            tried[own] += one.of
            paid[own] += len(one.cases)
            wrong += [one] if one.cases else []
        findings += _findings(check, wrong)
        if sentence := unknown_in({name: answer.observation for name, answer in _answered(asked).items()}):
            findings.append(Finding(Level.ERROR, check.name, sentence))
        level = Level.WARNING if own else Level.ERROR
        text = "this check compares no value of {}, so every value passes. Compare it, or leave it out"
        findings += [
            Finding(level, check.name, text.format(part)) for part in _uncompared(asked) if (check.name, part) not in reasons
        ]
        seen |= {(check.name, part) for part in _parts(asked)}
        subject.on_progress(done, len(checks))
    if not subject.quick:
        for name, mutant in sorted(reasons.keys() - seen):
            text = f"explains {mutant!r}, which is not a changed answer of that check: remove it"
            findings.append(Finding(Level.ERROR, f"{SURVIVORS}, {name}", text))
    summary = f"wrong answers paid: {rate(paid[False], tried[False])}"
    if tried[True]:
        summary += f"; in the author's own kinds of checks: {paid[True]} of {tried[True]}"
    summary += f"; {explained} explained" if explained else ""
    details = {
        "tried": tried[False],
        "paid": paid[False],
        "own tried": tried[True],
        "own paid": paid[True],
        "explained": explained,
    }
    return Report("answers", summary, tuple(findings), details)


def _findings(check: Check, wrong: list[Paid]) -> list[Finding]:
    """What is paid in every case is an error; in some, or in a check that judges a property of an answer, a warning."""
    findings = []
    everywhere = [one for one in wrong if len(one.cases) == one.of]
    advice = f"Lower `rtol` or `atol`, draw another case, or explain in {SURVIVORS} why it is right, too"
    for level, many, where in (
        (Level.WARNING if _is_own_kind(check) else Level.ERROR, everywhere, "in every case"),
        (Level.WARNING, [one for one in wrong if one not in everywhere], ""),
    ):
        if many:
            listed = ", ".join(one.mutant if where else f"{one.mutant} (case {_some(one.cases)})" for one in many)
            text = f"wrong answers paid: {where or 'in some cases'}, the reference's answer passes with {listed}. {advice}"
            findings.append(Finding(level, check.name, text))
    return findings


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _whole(asked: Asked) -> Iterator[Paid]:
    """Each change that applies to some answer of a check, and the cases in which it is taken for right."""
    for words, change in CHANGES.items():
        if words in SMALL and isinstance(asked.check, Training):
            continue  # it is judged by how many predictions are right
        given = {
            name: replace(answer, observation=changed)
            for name, answer in _answered(asked).items()
            if (changed := _changed(answer.observation, change, asked.check)) is not None
        }
        if given:
            yield Paid(asked.check.name, words, tuple(name for name in given if _right(asked, name, given[name])), len(given))
    dropped = {name: answer for name, answer in _answered(asked).items() if len(_own(answer.observation)) > 1}
    if dropped:
        right = [name for name, answer in dropped.items() if _right(asked, name, _without_last(answer))]
        yield Paid(asked.check.name, "an entry less", tuple(right), len(dropped))


def _answered(asked: Asked) -> dict[str, Answer]:
    """The answers to cases that ask for one, and that count by themselves."""
    return {
        name: answer
        for name, answer in asked.expected.items()
        if answer.ending is Ending.RETURNED and not asked.cases[name].raises and RAISED not in answer.observation
    }


def _right(asked: Asked, name: str, answer: Answer) -> bool:
    case: Case = asked.cases[name]
    with np.errstate(all="ignore"):
        return judge_case(asked.check, name, case, answer, asked.expected[name]).outcome is Outcome.PASSED


def _own(observation: Observation) -> list[str]:
    return [name for name in observation if not name.startswith(EFFECT)]


def _without_last(answer: Answer) -> Answer:
    last = _own(answer.observation)[-1]
    return replace(answer, observation={name: value for name, value in answer.observation.items() if name != last})


def _changed(observation: Observation, change: Change, check: Check) -> dict[str, Value] | None:
    """An answer with every array, of numbers or of words, changed; None where that makes no wrong answer."""
    new: dict[str, Value] = dict(observation)
    wrong = False
    for name in _own(observation):
        value = observation[name]
        if isinstance(value, Texts):
            words = _array_of(value)
            other = change(words, 0.0)
            if other is not None and not np.array_equal(words, other):
                new[name], wrong = _texts_of(other, value.kind), True
        if not isinstance(value, np.ndarray):
            continue
        with np.errstate(all="ignore"):
            other = change(value, _rtol(value, check))
        other = None if other is None else np.asarray(other)  # of no axis, NumPy computes a number
        if other is not None and _differs(value, other, check):
            new[name], wrong = other, True
    return new if wrong else None


def _array_of(texts: Texts) -> Any:
    words = np.empty(len(texts.words), dtype=object)
    words[:] = texts.words
    return words.reshape(texts.shape)


def _texts_of(words: Any, kind: str) -> Texts:
    return Texts(tuple(words.reshape(-1).tolist()), words.shape, kind)


def _rtol(value: Any, check: Check) -> float:
    return max(check.rtol, NARROW_RTOL) if value.dtype in NARROW else check.rtol


def _differs(value: Any, other: Any, check: Check) -> bool:
    """Whether a changed array is clearly another answer, whatever the tolerance."""
    if value.shape != other.shape:
        return True
    if value.dtype.kind not in "fc" or other.dtype.kind not in "fc":
        return not np.array_equal(value, other)
    atol = max(check.atol, NARROW_ATOL) if value.dtype in NARROW else check.atol
    one, two = value.astype(np.complex128), other.astype(np.complex128)
    far = np.abs(one - two) > CLEARLY * (atol + _rtol(value, check) * np.abs(one))
    return bool(np.any(far | (np.isfinite(one) != np.isfinite(two))))


# The changes: an array as a wrong program would have it ---------------------------------------------------------------


def _is_float(a: Any) -> bool:
    return bool(a.dtype.kind == "f" and a.size)


def _is_number(a: Any) -> bool:
    return bool(a.dtype.kind in "fc" and a.size)


def _scaled(a: Any, rtol: float) -> Any:
    return (a * np.asarray(1 + max(1e-3, 10 * rtol), a.dtype)).astype(a.dtype) if _is_number(a) else None


def _noisy(a: Any, rtol: float) -> Any:
    if not _is_number(a):
        return None
    signs = np.where(np.arange(a.size).reshape(a.shape) % 2, 1.0, -1.0)
    return (a * (1 + 10 * rtol * signs)).astype(a.dtype)


def _shuffled(a: Any, rtol: float) -> Any:
    return np.roll(a, 1, axis=0) if a.ndim and len(a) > 1 else None


def _half(a: Any, rtol: float) -> Any:
    return a[: len(a) // 2] if a.ndim and len(a) > 1 else None


def _repeated(a: Any, rtol: float) -> Any:
    if not a.ndim or len(a) < 2:
        return None
    new = a.copy()
    new[-1] = new[-2]
    return new


def _row_more(a: Any, rtol: float) -> Any:
    return np.concatenate([a, a[-1:]]) if a.ndim and len(a) else None


def _in_float16(a: Any, rtol: float) -> Any:
    return a.astype(np.float16).astype(a.dtype) if _is_float(a) else None


def _one_sign(a: Any, rtol: float) -> Any:
    if not _is_number(a):
        return None
    new = a.copy()
    place = np.unravel_index(np.argmax(np.where(np.isfinite(a), np.abs(a), -1)), a.shape)
    new[place] = -new[place]
    return new


def _with_nan(a: Any, rtol: float) -> Any:
    return _in_one_place(a, np.nan) if _is_number(a) else None


def _with_inf(a: Any, rtol: float) -> Any:
    return _in_one_place(a, np.inf) if _is_number(a) else None


def _in_one_place(a: Any, number: float) -> Any:
    new = a.copy()
    new.reshape(-1)[a.size // 2] = number
    return new


def _one_off(a: Any, rtol: float) -> Any:
    if a.dtype.kind not in "iub" or not a.size:
        return None
    new = a.copy()
    flat = new.reshape(-1)
    flat[-1] = not flat[-1] if a.dtype.kind == "b" else flat[-1] + 1
    return new


def _column(a: Any, rtol: float) -> Any:
    return a[:, None] if a.ndim == 1 else None


def _flat(a: Any, rtol: float) -> Any:
    return a.reshape(-1) if a.ndim > 1 else None


def _turned(a: Any, rtol: float) -> Any:
    return a.T.copy() if a.ndim == 2 else None


def _first_only(a: Any, rtol: float) -> Any:
    return np.broadcast_to(a[:1], a.shape).copy() if a.ndim and len(a) > 1 else None


def _imaginary(a: Any, rtol: float) -> Any:
    return a.astype(complex) + 1j if _is_float(a) else None


def _zero_mean(a: Any, rtol: float) -> Any:
    return (a - a.mean()).astype(a.dtype) if _is_number(a) and a.size > 1 else None


CHANGES: Mapping[str, Change] = {
    "every number times 1.001": _scaled,
    "noise of 10 times rtol": _noisy,
    "rows shuffled": _shuffled,
    "half of the rows": _half,
    "the last row a copy of the one before": _repeated,
    "a row more": _row_more,
    "the first row in every row": _first_only,
    "the digits of float16": _in_float16,
    "the sign of one entry": _one_sign,
    "nan in one place": _with_nan,
    "inf in one place": _with_inf,
    "one whole number off by one": _one_off,
    "shape (n, 1) for (n,)": _column,
    "one axis for several": _flat,
    "rows for columns": _turned,
    "an imaginary part": _imaginary,
    "its mean subtracted": _zero_mean,
}


SMALL = ("every number times 1.001", "noise of 10 times rtol", "the digits of float16")


# Each part by itself ----------------------------------------------------------------------------------------------


def _parts(asked: Asked) -> list[str]:
    """The entries of a check's answers, in the words of a finding."""
    return list(dict.fromkeys(_words(name) for answer in _answered(asked).values() for name in _own(answer.observation)))


def _words(name: str) -> str:
    return "its answer" if name == "answer" else f"`{re.sub('[0-9]+', '…', name)}`"


def _uncompared(asked: Asked) -> list[str]:
    """The parts of which no change, however large, loses a point in any case."""
    compared, every = set(), set()
    for name, answer in _answered(asked).items():
        groups: dict[str, list[str]] = {}
        for entry in _own(answer.observation):
            groups.setdefault(_words(entry), []).append(entry)
        for words, entries in groups.items():
            others = zip(*(_other_values(answer.observation[entry]) for entry in entries), strict=False)
            for values in others if words not in compared else ():
                every.add(words)
                changed = {**answer.observation, **dict(zip(entries, values, strict=True))}
                if not _right(asked, name, replace(answer, observation=changed)):
                    compared.add(words)
                    break
    return sorted(every - compared)


def _is_own_kind(check: Check) -> bool:
    """Whether a check is of an author's own kind: what it has come back may be evidence, of which much is right."""
    return not type(check).__module__.startswith("autograder.")


def _other_values(value: Value) -> Iterator[Value]:
    """Wrong values of the same kind and shape."""
    yield from (np.asarray(other) if isinstance(value, np.ndarray) else other for other in _others(value))


def _others(value: Value) -> Iterator[Any]:
    if isinstance(value, str):
        yield f"not {value}"
    elif isinstance(value, Odd):
        yield Odd(f"not {value.what}", value.known)
    elif isinstance(value, Texts) and value.words:
        yield Texts(tuple(f"not {word}" for word in value.words), value.shape, value.kind)
        yield replace(value, kind=f"not {value.kind}")
    elif isinstance(value, np.ndarray) and value.size:
        if value.dtype.kind == "b":
            yield ~value
        elif value.dtype.kind in "iu":
            yield value + np.ones((), value.dtype)
            yield value[::-1].copy() if value.ndim else value * 2
            yield np.zeros_like(value)
            yield np.arange(value.size).reshape(value.shape).astype(value.dtype)
        elif value.dtype.kind in "fc":
            yield np.zeros_like(value)
            yield (1.5 * value + 1.0).astype(value.dtype)
            yield (-value).astype(value.dtype)
            yield np.full_like(value, 12.75)

"""Asked otherwise: what the reference answers to other inputs than the ones of a case.

Who takes a rate for the share to keep answers as the reference does for 1 - rate. Who has written down a size answers as the
reference does for that size. So a wrong answer that is right for other inputs says what was done with the input.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.checks.base import Case

Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]
SEEDS = ("seed", "random_state", "rng")  # another one gives other numbers, and explains nothing


@dataclass(frozen=True)
class Otherwise:
    """A change of the inputs of all cases of a check.

    Attributes:
        id: of the reason.
        sentence: for whoever answers as the reference does for the changed inputs.
        cases: by name; only those whose inputs change.
    """

    id: str
    sentence: str
    cases: Mapping[str, Case]


def otherwise(cases: Mapping[str, Case], defaults: Mapping[str, Any]) -> Iterator[Otherwise]:
    """The changes that make sense for these inputs, each once.

    Args:
        cases: of the check.
        defaults: the function's parameters that may be left out, and what they are then.
    """
    names = list(dict.fromkeys(name for case in cases.values() for name in case.inputs if name not in SEEDS))
    for name in names:
        values = [case.inputs[name] for case in cases.values() if name in case.inputs]
        yield from _of_one(cases, name, values, defaults)
    fixed = {name: defaults[name] for name in names if name in defaults}
    if len(fixed) > 1:
        given = ", ".join(f"`{name}`" for name in fixed)
        sentence = f"Your answer is the one for the defaults of {given}: are they used?"
        yield from _made(cases, "ignores-arguments", sentence, _given(fixed))
    for one, other in itertools.combinations(names, 2):
        if all(_like(case.inputs.get(one), case.inputs.get(other)) for case in cases.values() if one in case.inputs):
            yield from _made(
                cases, "inputs-exchanged", f"Your answer is the one for `{one}` and `{other}` exchanged.", _turned(one, other)
            )


def _given(fixed: Mapping[str, Any]) -> Change:
    """These values for those that are given."""
    return lambda inputs: {name: value for name, value in fixed.items() if name in inputs}


def _turned(one: str, other: str) -> Change:
    """Two inputs in each other's place."""
    return lambda inputs: {one: inputs[other], other: inputs[one]} if one in inputs and other in inputs else {}


def _of_one(cases: Mapping[str, Case], name: str, values: list[Any], defaults: Mapping[str, Any]) -> Iterator[Otherwise]:
    def with_it(id: str, sentence: str, change: Callable[[Any], Any]) -> Iterator[Otherwise]:
        return _made(cases, id, sentence, lambda inputs: {name: change(inputs[name])} if name in inputs else {})

    if all(isinstance(value, str) or value is None for value in values):
        for value in dict.fromkeys(values):
            sentence = f"Your answer is always the one for `{name}={value!r}`: is `{name}` used?"
            yield from with_it("ignores-argument", sentence, _always(value))
        return
    if all(isinstance(value, bool) for value in values):
        sentence = f"Your answer is the one for the other value of `{name}`: a condition is the wrong way round."
        yield from with_it("argument-turned", sentence, lambda value: not value)
        return
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        constants = dict.fromkeys(
            [*([defaults[name]] if isinstance(defaults.get(name), int | float) else []), 0, 1, 2, 10, 0.5, 0.1]
        )
        for value in constants:
            kind = type(values[0])
            if float(value) == kind(value):
                sentence = f"Your answer is always the one for `{name}={value}`: is `{name}` used?"
                yield from with_it("ignores-argument", sentence, _always(kind(value)))
        for id, words, change in NUMBERS:
            yield from with_it(id, f"Your answer is the one for {words.format(name)} in place of `{name}`.", change)
        return
    if all(isinstance(value, np.ndarray) for value in values):
        for id, words, change in ARRAYS:
            yield from with_it(id, f"Your answer is the one for {words.format(name)}.", change)


def _always(value: Any) -> Callable[[Any], Any]:
    """The same value, whatever there was."""
    return lambda _: value


def _only(kinds: str, axes: int, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A change of arrays of these kinds of numbers that have so many axes or more; others stay as they are."""
    return lambda value: change(value) if value.dtype.kind in kinds and value.ndim >= axes else value


def _of_two_classes(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A change of labels 0 and 1."""
    return _only("iu", 1, lambda value: change(value) if set(np.unique(value)) <= {0, 1} else value)


NUMBERS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("argument-complement", "1 - `{}`", lambda value: 1 - value),
    ("argument-one-off", "`{}` + 1", lambda value: value + 1),
    ("argument-one-off", "`{}` - 1", lambda value: value - 1),
    ("argument-scaled", "twice `{}`", lambda value: 2 * value),
    ("argument-scaled", "half of `{}`", lambda value: value / 2 if isinstance(value, float) else value // 2),
    ("argument-sign", "-`{}`", lambda value: -value),
    ("argument-squared", "`{}` squared", lambda value: value**2),
    ("argument-rooted", "the root of `{}`", lambda value: float(np.sqrt(abs(value))) if isinstance(value, float) else value),
    ("argument-inverted", "1 / `{}`", lambda value: 1 / value if isinstance(value, float) and value else value),
]
ANY, NUMBER = "fiubUO", "fi"
ARRAYS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("input-transposed", "`{}` transposed: rows and columns are exchanged", _only(ANY, 2, lambda value: value.T.copy())),
    ("input-sign", "-`{}`: a sign is the wrong way round", _only(NUMBER, 0, lambda value: -value)),
    ("input-reversed", "`{}` in reverse order", _only(ANY, 1, lambda value: value[::-1].copy())),
    ("input-turned", "`{}` with both sides turned around", _only(ANY, 2, lambda value: value[::-1, ::-1].copy())),
    ("input-float32", "`{}` in single precision", _only("f", 0, lambda value: value.astype(np.float32).astype(value.dtype))),
    ("input-magnitude", "the absolute values of `{}`", _only(NUMBER, 0, np.abs)),
    (
        "input-part",
        "`{}` without its last row: a loop or slice ends one too early",
        _only(ANY, 1, lambda value: value[:-1].copy()),
    ),
    (
        "input-part",
        "`{}` without its first row: a loop or slice begins one too late",
        _only(ANY, 1, lambda value: value[1:].copy()),
    ),
    ("input-first-only", "the first row of `{}` alone", _only(ANY, 2, lambda value: value[:1].copy())),
    ("input-signed-labels", "labels -1 and 1 in `{}`; they are 0 and 1 here", _of_two_classes(lambda value: 2 * value - 1)),
    ("input-labels-turned", "the two classes of `{}` exchanged", _of_two_classes(lambda value: 1 - value)),
    ("input-whole", "`{}` without its decimals", _only("f", 0, np.trunc)),
    ("input-sorted", "`{}` in sorted order", _only(NUMBER, 1, lambda value: np.sort(value, axis=0))),
]


def _made(cases: Mapping[str, Case], id: str, sentence: str, change: Change) -> Iterator[Otherwise]:
    """One change of all cases, unless it changes nothing."""
    found = {}
    for name, case in cases.items():
        if case.raises:
            continue
        try:
            with np.errstate(all="ignore"):
                new = dict(change(case.inputs))
        except (TypeError, ValueError, OverflowError, ZeroDivisionError):  # no such change of such an input
            continue
        if any(not _same(value, case.inputs[key]) for key, value in new.items()):
            found[name] = replace(case, inputs={**case.inputs, **new})
    if found:
        yield Otherwise(id, sentence, found)


def _like(one: Any, other: Any) -> bool:
    """Whether two inputs could be taken for each other."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return bool(one.shape == other.shape and one.dtype.kind == other.dtype.kind)
    return type(one) is type(other) and isinstance(one, int | float | str) and not isinstance(one, bool)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    return bool(type(one) is type(other) and one == other)

"""What went wrong, as a picture or a table: which case shows it best, as curves, as heat maps or in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.checks.base import Case
from autograder.checks.gradients import STRIP
from autograder.observation import Array, Value
from autograder.observation.answer import Ending
from dlkit.lecture.drawing import curves, maps
from dlkit.lecture.inventing import Invented
from dlkit.lecture.trying import Trial, Trials, grid, single, wrong_in
from dlkit.lecture.words import MISSING, call_of, ending_text, entries, entry_name, number_text, value_text

POINTS = 161  # of a curve
WIDE, FAR = 4.0, 120.0  # a curve reaches at least so far from 0, and at most
FEW, MANY = 5, 400  # numbers of a curve over its index
LARGEST_MAP = 32  # rows or columns of a heat map
ROWS, LONGEST = 6, 80  # of a table, and characters of a cell
VISIBLE = 0.02  # of the range of what is expected: a smaller difference is not seen in a picture
PLACES = 3  # of a curve, at which it must be seen: a single point is none
EXACT = 10  # digits, where three do not tell two numbers apart
BUT = "the answer is right, but "


@dataclass(frozen=True)
class Picture:
    """What went wrong.

    Attributes:
        svg: a drawing, "" where there is none.
        alt: what is in it, for those who do not see it.
        rows: a table in place of it: entry, expected, and what this code gives.
        caption: which call it is.
    """

    svg: str = ""
    alt: str = ""
    rows: tuple[tuple[str, str, str], ...] = ()
    caption: str = ""


def picture(invented: Invented, trials: Trials) -> Picture | None:
    """The most legible picture of the mistake, None where no public case shows it."""
    cases = trials.public(invented.check)
    found = wrong_in(trials.held(invented.files, invented.check, cases))
    ways = (
        _over_input(invented, trials, found),
        _over_index(invented, found),
        _as_maps(invented, found),
        _in_numbers(invented, found),
    )
    return next((one for way in ways for one in way), None)


def _over_input(invented: Invented, trials: Trials, wrong: Sequence[Trial]) -> Iterator[Picture]:
    """Curves over the only input, where the function takes one number at a time."""
    for trial in wrong:
        name = single(trial.case)
        if not name or trial.case.raises or trial.case.kept:
            continue
        case = _on_grid(trial.case, name)
        for one in wrong_in(trials.held(invented.files, invented.check, {"curve": case})):
            for entry, actual, expected in _pairs(one):
                x = case.inputs[name]
                if (
                    actual.shape == expected.shape == x.shape
                    and np.isfinite(expected).all()
                    and _differ(actual, expected, PLACES)
                ):
                    what = f"gradient with respect to {entry[1:]}" if STRIP in case.inputs else entry_name(entry)
                    svg, alt = curves(_key(invented, trial), x, expected, actual, name, what)
                    others = {key: value for key, value in case.inputs.items() if key not in (name, STRIP)}
                    with_ = ", ".join(f"{key}={value!r}" for key, value in others.items() if not isinstance(value, np.ndarray))
                    yield Picture(svg, alt, caption=f"{what} over {name}{f', for {with_}' if with_ else ''}")


def _over_index(invented: Invented, wrong: Sequence[Trial]) -> Iterator[Picture]:
    """Curves over the number of the entry: the errors of a training, or the values of a row."""
    for trial in wrong:
        for entry, actual, expected in _pairs(trial):
            same = actual.shape == expected.shape and actual.ndim == 1
            if same and FEW <= actual.size <= MANY and np.isfinite(expected).all() and _differ(actual, expected):
                svg, alt = curves(_key(invented, trial), np.arange(actual.size), expected, actual, "index", entry_name(entry))
                yield Picture(svg, alt, caption=_caption(trial.name, entry))


def _as_maps(invented: Invented, wrong: Sequence[Trial]) -> Iterator[Picture]:
    """Heat maps of a matrix, or of the first image and channel."""
    for trial in wrong:
        for entry, actual, expected in _pairs(trial):
            if actual.ndim == expected.ndim >= 2 and actual.dtype.kind == expected.dtype.kind:
                first = [_first_matrix(one) for one in (expected, actual)]
                small = all(2 <= size <= LARGEST_MAP for one in first for size in one.shape)
                if small and (first[0].shape != first[1].shape or _differ(first[1], first[0])):
                    svg, alt = maps(_key(invented, trial), first[0], first[1], entry_name(entry))
                    yield Picture(svg, alt, caption=_caption(trial.name, entry))


def _in_numbers(invented: Invented, wrong: Sequence[Trial]) -> Iterator[Picture]:
    """A table of what differs."""
    for trial in sorted(wrong, key=lambda one: not call_of(invented.check, one.case)):
        rows = list(_rows(trial))[:ROWS]
        if rows:
            call = call_of(invented.check, trial.case)
            yield Picture(rows=tuple(rows), caption=call or trial.name)


def _rows(trial: Trial) -> Iterator[tuple[str, str, str]]:
    expected = entries(trial.expected)
    if trial.actual.ending is not Ending.RETURNED:
        first = next(iter(expected), "answer")
        yield entry_name(first), _short(expected.get(first)), ending_text(trial.actual)
        return
    actual = entries(trial.actual)
    for digits in (3, EXACT):
        pairs = [pair for name, value in expected.items() for pair in _parts(name, value, actual.get(name), digits)]
        if found := [(entry_name(name), one, other) for name, one, other in pairs if one != other]:
            yield from found
            return
    yield "side effect", "none", trial.message.removeprefix(BUT)[:LONGEST]


def _parts(name: str, expected: Value, actual: Value | None, digits: int) -> Iterator[tuple[str, str, str]]:
    """An entry beside the expected one; of an array that is too long to be read, its entries that differ."""
    if not isinstance(expected, np.ndarray) or not isinstance(actual, np.ndarray) or expected.shape != actual.shape:
        yield name, _short(expected, digits), _short(actual, digits)
        return
    if value_text(expected, digits):
        yield name, value_text(expected, digits), _short(actual, digits)
        return
    for place in np.ndindex(expected.shape):
        one, other = number_text(expected[place], digits), number_text(actual[place], digits)
        if one != other:
            yield f"{'' if name == 'answer' else name}[{', '.join(map(str, place))}]", one, other


def _short(value: Value | None, digits: int = 3) -> str:
    """A value in a cell; of a large array its shape and its mean."""
    if isinstance(value, np.ndarray) and not value_text(value, digits):
        if value.size and value.dtype.kind in "fiu":
            return f"shape {value.shape}, mean {number_text(np.mean(value.astype(np.float64)), digits)}"
        return f"shape {value.shape}"
    return value_text(value, digits) or (value[:LONGEST] + "…" if isinstance(value, str) else MISSING)


def _on_grid(case: Case, name: str) -> Case:
    """The case with many values of its input, as far as its own reach."""
    values = case.inputs[name].astype(np.float64)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    x = np.linspace(max(min(low, -WIDE), -FAR), min(max(high, WIDE), FAR), POINTS)
    return grid(case, name, x.astype(case.inputs[name].dtype))


def _pairs(trial: Trial) -> Iterator[tuple[str, Array, Array]]:
    """The entries that are numbers on both sides."""
    if trial.actual.ending is Ending.RETURNED:
        actual: Mapping[str, Value] = entries(trial.actual)
        for name, expected in entries(trial.expected).items():
            value = actual.get(name)
            if not isinstance(value, np.ndarray) or not isinstance(expected, np.ndarray):
                continue
            if value.dtype.kind in "fiub" and expected.dtype.kind in "fiub":
                yield name, value, expected


def _differ(actual: Array, expected: Array, places: int = 1) -> bool:
    """Whether anybody could see a difference in a picture, at so many places."""
    a, b = actual.astype(np.float64), expected.astype(np.float64)
    finite = b[np.isfinite(b)]
    reach = float(np.ptp(finite)) if finite.size else 0.0
    with np.errstate(all="ignore"):
        return int(np.sum(~(np.abs(a - b) <= VISIBLE * (reach or 1.0)))) >= places


def _first_matrix(array: Array) -> Array:
    """A matrix as it is; of pictures with channels, in the order (N, H, W, C), the first of the first."""
    while array.ndim > 2:
        array = array[0] if array.ndim > 3 else array[..., 0]
    return array


def _key(invented: Invented, trial: Trial) -> str:
    """What tells a picture from the others on a page."""
    return f"{invented.check.name} {invented.of.id} {invented.excerpt.lines} {trial.name}"


def _caption(name: str, entry: str) -> str:
    return f"{entry_name(entry)}, {name}"

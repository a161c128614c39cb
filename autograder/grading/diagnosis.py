"""Which mistake explains an answer: a misconception that would have answered exactly so.

A misconception is just an imperfect submission: the reference with one change. It is observed on the same cases as the
reference; where a wrong answer equals its answer in every case, the mistake has a name and a sentence of feedback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.answer import Answer, Ending
from autograder.observation import Array, Value, real

MATCH_RTOL = 1e-6
SAMPLED = 512  # entries of a large array that tell one mistake from another as well as all of them
LARGE = 4 * SAMPLED
SPREAD = 2654435761  # a prime near 2^32 over the golden ratio: its multiples are spread evenly over any array


@dataclass(frozen=True)
class Sample:
    """Some entries of a large array, and its largest: what a record keeps of a misconception's answer.

    Attributes:
        shape: of the whole array.
        values: the entries, of its dtype; the last is the largest absolute value of all that are finite.
    """

    shape: tuple[int, ...]
    values: Array

    @classmethod
    def of(cls, array: Array) -> Sample:
        """Take the same places of every array of this shape."""
        array, shape = real(array), array.shape
        places = np.unique(np.arange(SAMPLED, dtype=np.uint64) * np.uint64(SPREAD) % np.uint64(array.size))
        finite = np.abs(array[np.isfinite(array)].astype(np.float64))
        largest = np.max(finite, initial=0.0).astype(array.dtype)
        return cls(shape, np.append(array.ravel()[places], largest))


def find_misconceptions(
    answers: Mapping[str, Answer],
    expected: Mapping[str, Answer] | None,
    known: Mapping[str, Mapping[str, Answer]],
) -> list[str]:
    """The ids of the misconceptions that answer as the submission did in all cases; the nearest, all of them if they tie.

    One that answers as the reference does explains nothing; `expected` is None where no such one is among them.
    """
    distances = {
        name: distance
        for name, theirs in known.items()
        if set(theirs) == set(answers)
        and (distance := _distance(answers, theirs)) is not None
        and (expected is None or told_apart(theirs, expected))
    }
    return [name for name, distance in distances.items() if distance == min(distances.values())]


def told_apart(theirs: Mapping[str, Answer], expected: Mapping[str, Answer]) -> bool:
    """Whether a misconception answers otherwise than the reference in some case."""
    return _distance(theirs, expected, rtol=1e-12) is None


def _distance(one: Mapping[str, Answer], other: Mapping[str, Answer], rtol: float = MATCH_RTOL) -> float | None:
    """The largest relative difference over all cases; None where any case differs by more than `rtol`."""
    largest = 0.0
    for name, answer in one.items():  # one by one: what `other` has not been asked yet is asked only if it may matter
        theirs = other[name]
        if answer.ending is not theirs.ending:
            return None
        if answer.ending is not Ending.RETURNED:
            (kind, words), (their_kind, their_words) = answer.failure, theirs.failure
            if kind != their_kind:
                return None
            largest = max(largest, 0.0 if words == their_words else MATCH_RTOL)
            continue
        if set(answer.observation) != set(theirs.observation):
            return None
        for entry, value in answer.observation.items():
            distance = _value_distance(value, theirs.observation[entry], rtol)
            if distance is None:
                return None
            largest = max(largest, distance)
    return largest


def _value_distance(one: Value, other: Value | Sample, rtol: float) -> float | None:
    if isinstance(other, Sample):
        if not isinstance(one, np.ndarray) or one.shape != other.shape:
            return None
        one, other = Sample.of(one).values, other.values
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return 0.0 if type(one) is type(other) and one == other else None
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        return None
    a, b = real(one).astype(np.float64), real(other).astype(np.float64)
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return None
    if not finite.any():
        return 0.0
    scale = float(np.max(np.abs(b[finite])))
    gap = np.abs(a[finite] - b[finite])
    if np.any(gap > rtol * np.abs(b[finite]) + 1e-3 * rtol * scale):
        return None
    return float(np.max(gap)) / scale if scale else 0.0

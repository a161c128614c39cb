"""Some entries of a large array, by which one mistake is told from another as well as by all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.observation import Array, real

SAMPLED = 512  # entries of a large array that are kept of a misconception's answer
FEW = 32  # of the answer of a change by kind, of which there are many
SPREAD = 2654435761  # a prime near 2^32 over the golden ratio: its multiples are spread evenly over any array


@dataclass(frozen=True)
class Sample:
    """Some entries of a large array, and its largest: what a record keeps of a wrong answer.

    Attributes:
        shape: of the whole array.
        values: the entries, of its dtype; the last is the largest absolute value of all that are finite.
        count: how many places were asked for.
    """

    shape: tuple[int, ...]
    values: Array
    count: int = SAMPLED

    @classmethod
    def of(cls, array: Array, count: int = SAMPLED) -> Sample:
        """Take the same places of every array of this shape."""
        array, shape = real(array), array.shape
        places = np.unique(np.arange(count, dtype=np.uint64) * np.uint64(SPREAD) % np.uint64(array.size))
        finite = np.abs(array[np.isfinite(array)].astype(np.float64))
        largest = np.max(finite, initial=0.0).astype(array.dtype)
        return cls(shape, np.append(array.ravel()[places], largest), count)


def is_large(array: Array, count: int = SAMPLED) -> bool:
    """Whether a sample is a good deal smaller than the array."""
    return array.size > 4 * count

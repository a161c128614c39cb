"""Numbers for the cases of a check."""

from __future__ import annotations

import numpy as np

from autograder.observation import Array


def draw(rng: np.random.Generator, *shape: int, low: float = 0.1, high: float = 1.5) -> Array:
    """Draw numbers of either sign, with two decimals and away from 0. They are short to read, and no zero hides a mistake.

    Args:
        rng: the generator of the case.
        *shape: the shape of the array; without it, a single number.
        low: the smallest absolute value.
        high: the largest absolute value.

    >>> draw(np.random.default_rng(0), 2, 2).tolist()
    [[-0.99, 0.48], [0.16, 0.12]]
    """
    return np.array(np.round(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape), 2))

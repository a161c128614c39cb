"""Small sums."""

from __future__ import annotations

import numpy as np


def total(x: np.ndarray) -> float:
    """The sum of all entries, 0.0 for none."""
    return float(np.sum(x))


def scale(x: np.ndarray, factor: float) -> np.ndarray:
    """Every entry times the factor."""
    return x * float(_checked(factor))


def sell(stock: dict, sold: dict) -> tuple[dict, float]:
    """What is left on every shelf, and how much there is in all; stock is not modified."""
    left = {name: stock[name] - sold[name] for name in stock}
    return left, total(list(left.values()))


def _checked(factor: float) -> float:
    if isinstance(factor, str):
        raise TypeError(f"`factor` must be a number. Received: {factor!r}")
    return factor

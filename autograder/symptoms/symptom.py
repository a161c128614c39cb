"""A symptom: one thing about a training run that looks ill, in a sentence, with the numbers that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
MOST_ROWS = 512  # of data, for what compares each row with each


@dataclass(frozen=True)
class Symptom:
    """What looks ill.

    Attributes:
        name: which fault this is a sign of, such as "unscaled-inputs".
        sentence: what is seen, with its numbers.
        evidence: the numbers by name.
    """

    name: str
    sentence: str
    evidence: Mapping[str, float] = field(default_factory=dict)


def floats(values: ArrayLike) -> Floats:
    """Values as an array of float64; what is no number is nan."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.full(np.shape(np.asarray(values, dtype=object)), np.nan)


def rows_of(values: ArrayLike) -> Floats:
    """Values as a table (n, d): one row for each first index."""
    array = floats(values)
    return array.reshape(len(array), -1) if array.ndim else array.reshape(1, 1)


def share(mask: Any) -> float:
    """The share of true entries; 0 where there are none."""
    found = np.asarray(mask)
    return float(found.mean()) if found.size else 0.0


def percent(part: float) -> str:
    """A share in words: "97 %"."""
    return f"{100 * part:.0f} %" if part >= 0.01 or part == 0 else f"{100 * part:.2g} %"


def number(value: float) -> str:
    """A number with three digits: "0.693", "1.2e+05"."""
    return f"{value:.3g}"


def classes_of(y: ArrayLike) -> NDArray[np.int64]:
    """The class of each row: of one-hot rows its place, of numbers their rank."""
    table = rows_of(y)
    if table.shape[1] > 1:
        return np.asarray(table.argmax(axis=1), dtype=np.int64)
    return np.asarray(np.unique(table[:, 0], return_inverse=True)[1].reshape(-1), dtype=np.int64)


def is_labels(y: ArrayLike) -> bool:
    """Whether targets look like classes: one-hot rows, or a few whole numbers."""
    table = rows_of(y)
    if not table.size or not np.isfinite(table).all():
        return False
    if table.shape[1] > 1:
        return bool(((table == 0) | (table == 1)).all() and (table.sum(axis=1) == 1).all())
    values = np.unique(table)
    return bool((values == np.round(values)).all() and len(values) <= max(2, min(100, len(table) // 2)))


def guessing_loss(y: ArrayLike, *, squares: bool = False) -> float:
    """The loss of the best constant answer: the entropy of the classes, or the variance of the targets.

        H = -sum_k f_k log f_k,    Var = mean (y - mean y)^2

    Args:
        y: targets, shape (n,) or (n, k).
        squares: whether the loss is a mean square.

    Returns:
        The loss that a model reaches without looking at its inputs.
    """
    table = rows_of(y)
    if squares or not is_labels(y):
        return float(table.var(axis=0).mean()) if table.size else 0.0
    counts = np.bincount(classes_of(y))
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())

"""What ought to be new to a model and is not: rows that it, its scaler or its author has used before.

Rows are compared by fingerprints (see `fingerprints`). Kapoor and Narayanan (Patterns, 2023) list these leaks among those
that they found in published results.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.symptoms.symptom import Symptom, floats, percent, rows_of, share

FEW = 20  # rows, among which equal ones say little
SHARED = 0.1  # of the held-out rows

Prints = NDArray[np.uint64]


def fingerprints(X: ArrayLike) -> Prints:
    """One number for each row, equal for equal rows whether in float32 or in float64.

    Args:
        X: shape (n, ...).

    Returns:
        Numbers, shape (n,).
    """
    table = np.asarray(rows_of(X), dtype=np.float32) + np.float32(0)  # -0 is 0
    bits = np.ascontiguousarray(table).view(np.uint32).astype(np.uint64)
    odd = np.random.default_rng(20).integers(1, 2**63, size=bits.shape[1], dtype=np.uint64) | np.uint64(1)
    mixed = ((bits ^ (bits >> np.uint64(15))) * odd).sum(axis=1, dtype=np.uint64)  # modulo 2^64
    return np.asarray(mixed ^ (mixed >> np.uint64(29)), dtype=np.uint64)


def same_rows(train: ArrayLike, held_out: ArrayLike, what: str = "validation") -> Symptom | None:
    """Rows to be judged by are among those that were learnt from.

    Args:
        train: fingerprints of the training rows, shape (n,).
        held_out: of the others, shape (m,).
        what: what the others are for: "validation" or "test".
    """
    ours, theirs = np.asarray(train).reshape(-1), np.asarray(held_out).reshape(-1)
    if len(theirs) < FEW or len(ours) < FEW:
        return None
    common = share(np.isin(theirs, ours))
    repeated = 1 - len(np.unique(ours)) / len(ours)
    if common < max(SHARED, 3 * repeated):
        return None
    return Symptom(
        "same-rows",
        f"{percent(common)} of the {len(theirs)} rows for {what} are training rows, too",
        {"shared": common, "rows": len(theirs)},
    )


def fitted_on_held_out(fitted: ArrayLike, held_out: ArrayLike, train: ArrayLike, what: str = "the scaler") -> Symptom | None:
    """A scaler or a choice of features was fitted on rows that are kept for judging.

    Args:
        fitted: fingerprints of the rows that it was fitted on, shape (n,).
        held_out: of the rows that are kept apart, shape (m,), as it got them.
        train: of the training rows, as it got them.
        what: what was fitted, such as "StandardScaler".
    """
    used, kept = np.asarray(fitted).reshape(-1), np.asarray(held_out).reshape(-1)
    fresh = kept[~np.isin(kept, np.asarray(train).reshape(-1))]
    if len(fresh) < 5 or len(used) < 5:
        return None
    seen = share(np.isin(fresh, used))
    if seen < 0.5:
        return None
    return Symptom(
        "leak-of-held-out-rows",
        f"{what} was fitted on {len(used)} rows, with {percent(seen)} of the {len(fresh)} rows that are kept for judging",
        {"fitted": len(used), "held out": len(fresh), "seen": seen},
    )


def scaled_together(train: ArrayLike, held_out: ArrayLike) -> Symptom | None:
    """Training and held-out rows together have mean 0 and deviation 1 exactly, so they were scaled before they were split.

    Args:
        train: training inputs, shape (n, d).
        held_out: the others, shape (m, d).
    """
    ours, theirs = rows_of(train), rows_of(held_out)
    if len(theirs) < 5 or len(ours) < 5 or ours.shape[1] != theirs.shape[1]:
        return None
    if _off(ours) < 1e-4 or _off(np.concatenate([ours, theirs])) > 2e-5:
        return None
    return Symptom(
        "leak-of-held-out-rows",
        f"the {len(ours)} training and the {len(theirs)} held-out rows together have mean 0 and deviation 1: "
        "they were scaled with numbers from both",
        {"train": len(ours), "held out": len(theirs)},
    )


def test_set_chooses(chosen_on: ArrayLike, reported_on: ArrayLike, what: str = "early stopping") -> Symptom | None:
    """The rows that a choice was made on are those that the result is reported on.

    Args:
        chosen_on: fingerprints of the rows that stopped the training or chose the model, shape (n,).
        reported_on: of the rows of the final score, shape (m,).
        what: what was chosen by them.
    """
    choosing, final = np.asarray(chosen_on).reshape(-1), np.asarray(reported_on).reshape(-1)
    if not choosing.size or not final.size:
        return None
    common = share(np.isin(final, choosing))
    if common < 0.5:
        return None
    return Symptom(
        "test-set-chooses",
        f"{percent(common)} of the {len(final)} rows of the final score were used for {what} before",
        {"shared": common, "rows": len(final)},
    )


test_set_chooses.__test__ = False  # type: ignore[attr-defined]  # for pytest, which would take it for a test


def no_held_out(rows: int, parameters: int, losses: ArrayLike, baseline: float) -> Symptom | None:
    """A large network has learnt its rows by heart, and nothing in the program would show it.

    Args:
        rows: training rows.
        parameters: weights.
        losses: training losses, shape (n,).
        baseline: the loss of the best constant answer.
    """
    curve = floats(losses).reshape(-1)
    if rows < FEW or parameters < rows or not curve.size or not np.isfinite(curve[-1]) or baseline <= 0:
        return None
    if curve[-1] > 0.1 * baseline:
        return None
    return Symptom(
        "no-held-out-rows",
        f"{parameters:,} weights have learnt {rows:,} rows by heart (loss {curve[-1]:.2g}, by guessing {baseline:.2g}), "
        "and the program looks at no other rows",
        {"rows": rows, "parameters": parameters, "end": float(curve[-1]), "baseline": baseline},
    )


def _off(table: ArrayLike) -> float:
    """How far the columns that vary are from mean 0 and deviation 1."""
    array = floats(table)
    spread = array.std(axis=0)
    kept = spread > 1e-9
    if not kept.any():
        return float("inf")
    return float(max(np.abs(array.mean(axis=0)[kept]).max(), np.abs(spread[kept] - 1).max()))

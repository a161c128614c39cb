"""What the data show: inputs that are not scaled, labels that do not belong to their inputs, one batch again and again."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.symptoms.symptom import MOST_ROWS, Floats, Symptom, classes_of, floats, is_labels, number, rows_of

LARGE = 20.0  # the typical size of an input, above which weights of ordinary size make units saturate or explode
TINY = 0.02
APART = 1000.0  # one feature's spread, in terms of another's
ENOUGH = 60  # rows, below which chance explains too much
NEIGHBOURS = 5
UNLIKELY = 3.0  # standard deviations above chance


def unscaled_inputs(X: ArrayLike) -> Symptom | None:
    """The inputs of the first weights are far from the size of 1.

        rms_j = sqrt(mean_i X_ij^2)

    UMLAUT (Schoop et al., CHI 2021) warns of inputs outside of [-1, 1]; standardised ones may be outside, so we look at
    their typical size.

    Args:
        X: what the first layer with weights gets, shape (n, ...).
    """
    table = rows_of(X)
    if not table.size or not np.isfinite(table).all():
        return None
    sizes = np.sqrt((table**2).mean(axis=0))
    used = sizes[table.std(axis=0) > 0]
    if not used.size:
        return None
    typical, largest = float(np.sqrt((used**2).mean())), float(used.max())
    numbers = {"typical size": typical, "largest feature": largest, "lowest": float(table.min()), "highest": float(table.max())}
    span = f"from {number(table.min())} to {number(table.max())}"
    if typical > LARGE:
        return Symptom("unscaled-inputs", f"the inputs range {span}; their typical size is {number(typical)}", numbers)
    if largest < TINY:
        return Symptom("unscaled-inputs", f"the inputs are all close to zero: they range {span}", numbers)
    return None


def inputs_not_finite(X: ArrayLike) -> Symptom | None:
    """There are nan or infinite numbers among the inputs.

    Args:
        X: inputs, shape (n, ...).
    """
    table = rows_of(X)
    bad = int((~np.isfinite(table)).any(axis=1).sum())
    if not bad:
        return None
    return Symptom(
        "inputs-not-finite",
        f"{bad} of {len(table)} rows that were looked at have nan or infinite numbers among their inputs",
        {"rows": bad, "of": len(table)},
    )


def unscaled_targets(y: ArrayLike, losses: ArrayLike) -> Symptom | None:
    """The targets of a regression are large, and the loss has not come down to their variance.

    Args:
        y: targets, shape (n,) or (n, k).
        losses: mean squares for each epoch, shape (m,).
    """
    table, curve = rows_of(y), floats(losses).reshape(-1)
    if is_labels(y) or not curve.size or not np.isfinite(table).all() or not np.isfinite(curve[-1]):
        return None
    variance, typical = float(table.var()), float(np.sqrt((table**2).mean()))
    if typical < LARGE or curve[-1] < 0.8 * variance:
        return None
    return Symptom(
        "unscaled-targets",
        f"the targets have a typical size of {number(typical)}, and the loss ends at {number(float(curve[-1]))}, "
        f"above their variance of {number(variance)}",
        {"typical size": typical, "variance": variance, "end": float(curve[-1])},
    )


def labels_apart(X: ArrayLike, y: ArrayLike) -> Symptom | None:
    """Nothing ties the labels to the inputs: neighbours agree no more than strangers, and no line fits.

    It cannot see every relation (a shape at any place in an image), so ask only where the network has found none either.

    Args:
        X: inputs, shape (n, ...).
        y: labels or targets, shape (n,) or (n, k).
    """
    table, targets = _standard(rows_of(X)[:MOST_ROWS]), rows_of(y)[:MOST_ROWS]
    if len(table) < ENOUGH or len(table) != len(targets) or not (np.isfinite(table).all() and np.isfinite(targets).all()):
        return None
    labels = classes_of(targets) if is_labels(y) else None
    wanted = np.eye(int(labels.max()) + 1)[labels] if labels is not None else _standard(targets)
    if np.ptp(wanted, axis=0).max() == 0:
        return None
    near = _agreement_of_neighbours(table, wanted)
    line = _agreement_of_a_line(table, wanted)
    if max(near, line) > UNLIKELY:
        return None
    return Symptom(
        "labels-apart-from-inputs",
        f"the labels do not go with the inputs: among {len(table)} rows, neither near neighbours nor a linear fit "
        f"tell a label better than chance ({near:+.1f} and {line:+.1f} standard deviations)",
        {"rows": len(table), "neighbours": near, "line": line},
    )


def constant_batch(batches: ArrayLike, rows: int, available: int) -> Symptom | None:
    """Every step sees the same few rows, though there are many more.

    Args:
        batches: a fingerprint of each step's batch, shape (n,).
        rows: rows of a batch.
        available: rows of the data that the batch was taken from.
    """
    seen = np.asarray(batches).reshape(-1)
    if len(seen) < 5 or len(np.unique(seen)) > 1 or not 0 < rows < available / 3:
        return None
    return Symptom(
        "constant-batch",
        f"all {len(seen)} steps learn from the same {rows} rows, and there are {available}",
        {"steps": len(seen), "rows": rows, "available": available},
    )


def _standard(table: Floats) -> Floats:
    spread = table.std(axis=0)
    kept = spread > 0
    scaled: Floats = (table[:, kept] - table[:, kept].mean(axis=0)) / spread[kept]
    return scaled


def _agreement_of_neighbours(table: Floats, wanted: Floats) -> float:
    """By how many standard deviations neighbours agree more than strangers do."""
    squares = (table**2).sum(axis=1)
    apart = squares[:, None] + squares[None, :] - 2 * table @ table.T  # (n, d) -> (n, n)
    np.fill_diagonal(apart, np.inf)
    near: NDArray[np.int64] = np.argpartition(apart, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    centred = wanted - wanted.mean(axis=0)
    return _deviations((centred * centred[near].mean(axis=1)).sum(axis=1))


def _agreement_of_a_line(table: Floats, wanted: Floats) -> float:
    """By how many standard deviations a ridge fit on one half tells the other half better than chance."""
    even, odd = slice(None, None, 2), slice(1, None, 2)
    centred = wanted - wanted.mean(axis=0)
    products = []
    for fit, test in ((even, odd), (odd, even)):
        A = table[fit]
        dual = np.linalg.solve(A @ A.T + len(A) * np.eye(len(A)), centred[fit])  # (n/2, n/2)
        products.append((centred[test] * (table[test] @ (A.T @ dual))).sum(axis=1))
    return _deviations(np.concatenate(products))


def _deviations(products: Floats) -> float:
    error = products.std() / np.sqrt(len(products))
    return float(products.mean() / error) if error > 0 else 0.0

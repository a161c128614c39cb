"""What outputs show beside their targets and their loss: which of the three do not fit together.

The faults are those that Humbatova et al. (ICSE 2020) and Islam et al. (ESEC/FSE 2019) count most often, and that NeuraLint
(Nikanjam et al., TOSEM 2021) looks for in the source: here the numbers tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from autograder.symptoms.symptom import Symptom, classes_of, floats, is_labels, number, percent, rows_of, share

ONE = 1e-3  # how far a sum of probabilities may be from 1
RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, math.inf)}
CROSS_ENTROPIES = ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")


def softmax_twice(logits: ArrayLike) -> Symptom | None:
    """What goes into a softmax are probabilities already.

    With p in [0, 1], softmax(p) is never above e / (e + K - 1): for K = 10 that is 0.23, and the loss cannot come below 1.46.

    Args:
        logits: what the softmax, or a loss with `from_logits=True`, gets, shape (n, K), K > 1.
    """
    table = rows_of(logits)
    k = table.shape[1]
    if len(table) < 2 or k < 2 or not _sums_to_one(table) or np.ptp(table) < 1e-6:
        return None
    best = math.e / (math.e + k - 1)
    return Symptom(
        "softmax-twice",
        f"softmax is taken twice: what goes into the last one sums to 1 in each row already, so no probability "
        f"can be above {number(best)} and the loss not below {number(-math.log(best))}",
        {"classes": k, "highest probability": best, "lowest loss": -math.log(best)},
    )


def sigmoid_twice(logits: ArrayLike, before: ArrayLike) -> Symptom | None:
    """What goes into a sigmoid has come out of one.

    Args:
        logits: what the last sigmoid, or a loss with `from_logits=True`, gets, shape (n, ...).
        before: what the layer before it gave, from a sigmoid, shape (n, ...).
    """
    table, earlier = rows_of(logits), rows_of(before)
    if table.shape != earlier.shape or not table.size or not np.allclose(table, earlier, atol=1e-6):
        return None
    if table.min() < 0 or table.max() > 1:
        return None
    return Symptom(
        "sigmoid-twice",
        "sigmoid is taken twice: what goes into the last one lies between 0 and 1 already, so no answer is below 0.5",
        {"lowest": float(table.min()), "highest": float(table.max())},
    )


def logits_as_probabilities(outputs: ArrayLike, *, binary: bool = False) -> Symptom | None:
    """A cross-entropy that expects probabilities gets numbers that are none.

    Args:
        outputs: what the loss gets, shape (n, K).
        binary: whether each output is a probability of its own.
    """
    table = rows_of(outputs)
    if not table.size or not np.isfinite(table).all():
        return None
    outside = share((table < -1e-6) | (table > 1 + 1e-6))
    apart = 0.0 if binary or table.shape[1] < 2 else share(np.abs(table.sum(axis=1) - 1) > 0.01)
    if outside < 0.02 and (apart < 0.5 or outside == 0):
        return None
    what = f"{percent(outside)} of the outputs are below 0 or above 1" if outside else "the rows do not sum to 1"
    return Symptom(
        "loss-and-outputs-do-not-fit",
        f"the loss expects probabilities, and {what} (from {number(table.min())} to {number(table.max())})",
        {"outside": outside, "lowest": float(table.min()), "highest": float(table.max())},
    )


def sigmoid_over_classes(outputs: ArrayLike, loss: str) -> Symptom | None:
    """A loss for one class of several gets outputs that are a probability each, and no distribution.

    Args:
        outputs: what the loss gets, shape (n, K).
        loss: its name, such as "categorical_crossentropy".
    """
    table = rows_of(outputs)
    if table.shape[1] < 2 or "categorical" not in loss or not table.size or table.min() < 0 or table.max() > 1:
        return None
    sums = table.sum(axis=1)
    if share(np.abs(sums - 1) > 0.02) < 0.5:
        return None
    return Symptom(
        "loss-and-outputs-do-not-fit",
        f"{loss} expects rows that sum to 1, and these sum to {number(sums.min())} up to {number(sums.max())}",
        {"lowest sum": float(sums.min()), "highest sum": float(sums.max())},
    )


def constant_softmax(outputs: ArrayLike, activation: str) -> Symptom | None:
    """A softmax over one output is always 1.

    Args:
        outputs: shape (n, 1).
        activation: the name of the last activation.
    """
    table = rows_of(outputs)
    if activation != "softmax" or table.shape[1] != 1 or not np.allclose(table, 1):
        return None
    return Symptom("loss-and-outputs-do-not-fit", "a softmax over one output gives 1, whatever the input", {"units": 1})


def targets_out_of_reach(y: ArrayLike, activation: str, loss: str = "") -> Symptom | None:
    """Targets that the last activation cannot give, or that a cross-entropy is not made for.

    Args:
        y: targets, shape (n,) or (n, k).
        activation: the name of the last activation, such as "sigmoid".
        loss: the loss's name.
    """
    table = rows_of(y)
    low, high = RANGES.get(activation, (-math.inf, math.inf))
    if loss == "binary_crossentropy":
        low, high = max(low, 0.0), min(high, 1.0)
    elif "crossentropy" in loss or not table.size or not np.isfinite(table).all():
        return None
    outside = share((table < low - 1e-6) | (table > high + 1e-6))
    if outside < 0.02:
        return None
    who = "binary cross-entropy expects" if loss == "binary_crossentropy" else f"the last activation ({activation}) gives"
    span = f"{number(low)} and above" if high == math.inf else f"{number(low)} to {number(high)}"
    return Symptom(
        "loss-and-outputs-do-not-fit",
        f"{who} {span}, and {percent(outside)} of the targets lie outside (from {number(table.min())} to {number(table.max())})",
        {"outside": outside, "lowest": float(table.min()), "highest": float(table.max())},
    )


def squares_for_classes(y: ArrayLike, loss: str, outputs: ArrayLike) -> Symptom | None:
    """Class numbers of three or more classes are learnt as if they were amounts.

    Args:
        y: labels, shape (n,).
        loss: the loss's name.
        outputs: shape (n, 1).
    """
    table = rows_of(y)
    names = ("mean_squared_error", "mean_absolute_error", "mse", "mae")
    if loss not in names or table.shape[1] > 1 or rows_of(outputs).shape[1] < 3 or not is_labels(y):
        return None
    k = len(np.unique(table))
    return Symptom(
        "loss-and-outputs-do-not-fit",
        f"each of the {rows_of(outputs).shape[1]} outputs is compared with the number of the class (0 to {k - 1})",
        {"classes": k},
    )


def shapes_apart(y_shape: Sequence[int], output_shape: Sequence[int], result_shape: Sequence[int] = ()) -> Symptom | None:
    """Targets (n,) beside outputs (n, 1) make a table (n, n): each target is compared with each output.

    Args:
        y_shape: the shape of the one.
        output_shape: the shape of the other.
        result_shape: the shape of what was computed from both, if it is known.
    """
    one, other = sorted((tuple(y_shape), tuple(output_shape)), key=len)
    if len(one) != 1 or len(other) != 2 or other[1] != 1 or one[0] != other[0] or one[0] < 2:
        return None
    n = one[0]
    if result_shape and tuple(result_shape) != (n, n):
        return None
    return Symptom(
        "shapes-do-not-fit",
        f"shape {one} meets shape {other}, which makes a table {(n, n)}: each of the {n} targets is compared with each output",
        {"rows": n},
    )


def metric_of_the_wrong_kind(metric: str, y: ArrayLike, outputs: ArrayLike) -> Symptom | None:
    """An accuracy of amounts, or one that thresholds or compares what it should not.

    Args:
        metric: how it counts: "accuracy" (equal numbers), "binary_accuracy" (outputs above 0.5), "categorical_accuracy".
        y: targets, shape (n,) or (n, k).
        outputs: what the model gives, shape (n, k).
    """
    table, given = rows_of(y), rows_of(outputs)
    if "accuracy" not in metric or not table.size or not given.size:
        return None
    if table.shape[1] > 1 and np.allclose(table.sum(axis=1), 1):  # classes, perhaps smoothed
        return None
    if not is_labels(y) and not ((table == 0) | (table == 1)).all():
        distinct = len(np.unique(table))
        return Symptom(
            "metric-of-the-wrong-kind",
            f"{metric} counts equal answers, and the targets are amounts: {distinct} different values in {len(table)} rows",
            {"different values": distinct, "rows": len(table)},
        )
    if metric == "accuracy" and given.shape[1] >= 1 and share(given == np.round(given)) < 0.5:
        return Symptom(
            "metric-of-the-wrong-kind",
            "the metric counts outputs that equal the label exactly, and the outputs are no whole numbers",
            {"whole outputs": share(given == np.round(given))},
        )
    if metric == "binary_accuracy" and given.shape[1] == 1 and (given.min() < -1e-6 or given.max() > 1 + 1e-6):
        between = share((given > 0) & (given <= 0.5))
        return Symptom(
            "metric-of-the-wrong-kind",
            f"the accuracy cuts at 0.5, and the outputs are logits (from {number(given.min())} to {number(given.max())}), "
            "which are cut at 0",
            {"lowest": float(given.min()), "highest": float(given.max()), "between 0 and 0.5": between},
        )
    if metric == "categorical_accuracy" and table.shape[1] == 1 and given.shape[1] > 2 and len(np.unique(table)) > 2:
        return Symptom(
            "metric-of-the-wrong-kind",
            "categorical accuracy compares one-hot rows, and the targets are class numbers",
            {"classes": len(np.unique(table))},
        )
    return None


def one_answer(outputs: ArrayLike, y: ArrayLike) -> Symptom | None:
    """The model gives every row the same answer.

    Args:
        outputs: after training, shape (n, k).
        y: labels, shape (n,) or (n, k).
    """
    given = rows_of(outputs)
    if len(given) < 10 or not is_labels(y) or len(np.unique(classes_of(y))) < 2:
        return None
    spread = float(floats(given).std(axis=0).max())
    if not spread < 1e-6 * max(1.0, float(np.abs(given).max())):
        return None
    return Symptom("one-answer", f"all {len(given)} outputs are the same, whatever the input", {"spread": spread})


def _sums_to_one(table: ArrayLike) -> bool:
    rows = floats(table)
    return bool(rows.min() >= -1e-6 and np.allclose(rows.sum(axis=1), 1, atol=ONE))

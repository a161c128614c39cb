"""What a network shows from inside: gradients, activations and weights by layer.

DeepLocalize (Wardat et al., ICSE 2021) and AutoTrainer (Zhang et al., ICSE 2021) watch the same things while a model trains;
TheDeepChecker (Ben Braiek and Khomh, TOSEM 2023) adds the checks of weights before the first step.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from autograder.symptoms.symptom import Symptom, floats, number, percent, rows_of, share

DEAD = 0.6  # of a layer's units, that give 0 for every row
SATURATED = 0.8  # of a layer's values, at the ends of its range
NAMED = 3  # variables or layers in a sentence


def missing_gradients(names: Sequence[str], missing: ArrayLike) -> Symptom | None:
    """The tape has no gradient for some variables: their way to the loss leaves TensorFlow.

    Args:
        names: of the variables.
        missing: whether each gradient is None, shape (n,).
    """
    gone = [name for name, flag in zip(names, np.asarray(missing, dtype=bool).reshape(-1), strict=False) if flag]
    if not gone:
        return None
    which = f"all {len(gone)} variables" if len(gone) == len(names) else f"{len(gone)} of {len(names)} variables"
    return Symptom("no-gradient", f"the gradient of {which} is None: {_listed(gone)}", {"none": len(gone), "of": len(names)})


def zero_gradients(names: Sequence[str], norms: ArrayLike) -> Symptom | None:
    """A gradient is exactly zero in every step.

    Args:
        names: of the variables.
        norms: of each gradient, shape (steps, n).
    """
    table = floats(norms)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] != len(names):
        return None
    gone = [name for name, column in zip(names, table.T, strict=True) if (column == 0).all()]
    if not gone:
        return None
    return Symptom(
        "zero-gradient",
        f"the gradient of {_listed(gone)} is exactly 0 in all {len(table)} steps",
        {"zero": len(gone), "of": len(names), "steps": len(table)},
    )


def vanishing_gradients(sizes: ArrayLike) -> Symptom | None:
    """The first layer's gradient is a tiny part of the last one's.

    Args:
        sizes: the typical size of a gradient's entries for each layer, first to last, shape (n,).
    """
    by_layer = floats(sizes).reshape(-1)
    if len(by_layer) < 4 or not np.isfinite(by_layer).all() or by_layer[-1] <= 0:
        return None
    ratio = float(by_layer[0] / by_layer[-1])
    if ratio > 1e-4:
        return None
    return Symptom(
        "vanishing-gradient",
        f"the first layer's gradient is {number(ratio)} times the last one's, through {len(by_layer)} layers",
        {"ratio": ratio, "layers": len(by_layer)},
    )


def untrained_variables(names: Sequence[str], changes: ArrayLike) -> Symptom | None:
    """A trainable variable has not changed at all while others have.

    Args:
        names: of the trainable variables.
        changes: the norm of each one's change, shape (n,).
    """
    moved = floats(changes).reshape(-1)
    still = [name for name, change in zip(names, moved, strict=False) if change == 0]
    if not still or len(still) == len(moved):
        return None
    return Symptom(
        "variable-not-trained",
        f"{_listed(still)} did not change in training, and {len(moved) - len(still)} other variables did",
        {"unchanged": len(still), "of": len(moved)},
    )


def gradients_add_up(applied: ArrayLike, computed: ArrayLike) -> Symptom | None:
    """What is applied at each step is the sum of all gradients so far: they are never set back to zero.

        u_t = g_1 + ... + g_t   in place of   u_t = g_t

    Args:
        applied: what is applied at each step, as a few numbers or whole, shape (steps, m).
        computed: the gradient of each step, shape (steps, m).
    """
    used, fresh = rows_of(applied), rows_of(computed)
    if len(used) < 4 or used.shape != fresh.shape or not (np.isfinite(used).all() and np.isfinite(fresh).all()):
        return None
    for divisor in (1.0, np.arange(1, len(fresh) + 1)[:, None]):
        sums = np.cumsum(fresh, axis=0) / divisor
        error, away = np.linalg.norm(used - sums), np.linalg.norm(used - fresh)
        if error < 1e-3 * np.linalg.norm(used) and away > 0.1 * np.linalg.norm(used):
            return Symptom(
                "gradients-add-up",
                f"the update of step {len(used)} uses the sum of the gradients of all {len(used)} steps, not its own",
                {"steps": len(used), "error": float(error)},
            )
    return None


def never_set_back(name: str, sizes: ArrayLike) -> Symptom | None:
    """A gradient that a loop only ever adds to: it holds the sum of all turns.

    Ask only of one that nothing in the loop sets back to zero.

    Args:
        name: of the gradient.
        sizes: its norm after each turn, shape (n,).
    """
    norms = floats(sizes).reshape(-1)
    norms = norms[norms > 0]
    if len(norms) < 3 or not norms[-1] > 0:
        return None
    return Symptom(
        "gradients-add-up",
        f"{name} is added to in every turn and never set back to 0 (its norm is {number(norms[-1])} after {len(norms)} turns)",
        {"first": float(norms[0]), "last": float(norms[-1]), "turns": len(norms)},
    )


def dead_relus(activations: ArrayLike, layer: str = "a layer", most: float = DEAD) -> Symptom | None:
    """Many units of a ReLU layer give 0 for every row, so no gradient reaches their weights.

    Args:
        activations: the layer's output for many rows, shape (n, ..., units).
        layer: its name.
        most: the share of such units that is still ordinary.
    """
    array = floats(activations)
    if array.ndim < 2 or len(array) < 8 or array.shape[-1] < 2:
        return None
    units = array.reshape(-1, array.shape[-1])
    dead = share((units <= 0).all(axis=0))
    if dead < most:
        return None
    return Symptom(
        "dead-relus",
        f"{percent(dead)} of the {units.shape[1]} units of {layer} give 0 for all {len(array)} rows",
        {"dead": dead, "units": units.shape[1], "rows": len(array)},
    )


def saturated(activations: ArrayLike, kind: str, layer: str = "a layer", most: float = SATURATED) -> Symptom | None:
    """Nearly all values of a sigmoid or tanh layer are at the ends of its range, where its slope is nearly 0.

    Args:
        activations: the output of a hidden layer, shape (n, ..., units).
        kind: "sigmoid" or "tanh".
        layer: its name.
        most: the share of such values that is still ordinary.
    """
    array = floats(activations)
    if kind not in ("sigmoid", "tanh") or array.ndim < 2 or array.size < 8:
        return None
    scaled = 2 * array - 1 if kind == "sigmoid" else array
    ends = share(np.abs(scaled) > 0.98)
    if ends < most:
        return None
    return Symptom(
        "saturated-units",
        f"{percent(ends)} of the values of {layer} ({kind}) are at an end of its range",
        {"saturated": ends, "values": array.size},
    )


def equal_units(kernel: ArrayLike, layer: str = "a hidden layer") -> Symptom | None:
    """All units of a hidden layer have the same weights, and so will always compute the same.

    Args:
        kernel: of a hidden layer, shape (..., units).
        layer: its name.
    """
    array = floats(kernel)
    if array.ndim < 2 or array.shape[-1] < 2 or not np.isfinite(array).all():
        return None
    units = array.reshape(-1, array.shape[-1])  # (inputs, units)
    apart = float(np.ptp(units, axis=1).max())
    size = float(np.abs(units).max())
    if apart > 1e-6 * max(size, 1e-12):
        return None
    what = "all are 0" if size == 0 else "all units have the same"
    return Symptom(
        "equal-weights", f"the {units.shape[1]} units of {layer} do not differ in their weights: {what}", {"apart": apart}
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
